// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * A reader's position in the view's changes: the version up to which it has read, and the version up to which it skips membership
 * changes. A reader starts with {@link #START}, passes its cursor to {@link ClusterView#changesAfter}
 * or {@link ClusterView#membershipChangesAfter}, and continues with {@link ChangeBatch#next()}. Cursors of two views have
 * nothing in common.
 *
 * @param version all changes up to this version of the view are known; 0 for none
 * @param skipsMembershipUpTo membership changes up to this version are not reported, but the present state of the nodes is;
 *     negative before the view was ready for the first time
 */
public record ViewCursor(long version, long skipsMembershipUpTo) {

    private static final long UNDECIDED = -1;
    private static final long READY = -2;

    /** The position of a reader that has read nothing yet. */
    public static final ViewCursor START = new ViewCursor(0, UNDECIDED);

    /** The position of a reader of all membership changes since the view was ready for the first time. */
    public static final ViewCursor SINCE_READY = new ViewCursor(0, READY);

    /** {@return the position of a reader that has read nothing and skips the membership changes until now: nodes appear as updates} */
    public static ViewCursor skippingPastMembership(ClusterView view) {
        return START.skipMembershipUpTo(view.version());
    }

    /** {@return the position of a reader that has read everything up to a version} */
    public static ViewCursor afterVersion(long version) {
        return new ViewCursor(version, version);
    }

    /** {@return this position, skipping membership changes up to a version: their nodes appear as updates} */
    public ViewCursor skipMembershipUpTo(long skippedVersion) {
        return new ViewCursor(version, skippedVersion);
    }

    /** {@return the position after a reader has read everything up to a version} */
    ViewCursor afterReading(long readVersion) {
        return new ViewCursor(readVersion, Math.max(membershipReadUpTo(), readVersion));
    }

    /** {@return the version up to which membership changes were read or are skipped} */
    long membershipReadUpTo() {
        return Math.max(version, skipsMembershipUpTo);
    }
}
