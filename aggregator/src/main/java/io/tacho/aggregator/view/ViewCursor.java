// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * A reader's position in the view's changes. A reader starts with {@link #START}, passes its cursor to {@link ClusterView#changes}
 * or {@link ClusterView#membership}, and continues with {@link ChangeBatch#next()}. The cursor contains everything that a reader
 * has to know: how far it has read, and from where on membership changes are of interest. Cursors of two views have nothing
 * in common.
 *
 * @param version all changes up to this version of the view are known; 0 for none
 * @param membershipAfter membership changes up to this version are not reported, but the present state of the nodes is;
 *     negative before the view was ready for the first time
 */
public record ViewCursor(long version, long membershipAfter) {

    private static final long UNDECIDED = -1;
    private static final long READY = -2;

    /** The position of a reader that knows nothing. */
    public static final ViewCursor START = new ViewCursor(0, UNDECIDED);

    /** The position of a reader of all membership changes since the view was ready for the first time. */
    public static final ViewCursor SINCE_READY = new ViewCursor(0, READY);

    /** {@return the position of a reader that knows nothing and needs only the nodes as they are, not how they came} */
    public static ViewCursor snapshotOf(ClusterView view) {
        return START.withoutMembershipUpTo(view.version());
    }

    /** {@return the position of a reader that knows everything up to a version} */
    public static ViewCursor atVersion(long version) {
        return new ViewCursor(version, version);
    }

    /** {@return this position, for a reader to which membership changes up to a version do not matter} */
    public ViewCursor withoutMembershipUpTo(long upTo) {
        return new ViewCursor(version, upTo);
    }

    ViewCursor advancedTo(long upTo) {
        return new ViewCursor(upTo, Math.max(membershipFrom(), upTo));
    }

    /** {@return the version after which membership changes are reported} */
    long membershipFrom() {
        return Math.max(version, membershipAfter);
    }
}
