// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipPage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A membership log within one process, shared by any number of aggregators.
 *
 * <p>Thread safety: safe; the log is its own lock.
 */
public final class InMemoryMembershipLog implements MembershipLog {

    /** The inaccuracy of the times at which aggregators observe changes. */
    private static final long INACCURACY_MILLIS = 1_000;

    private final List<MembershipChange> newestFirst = new ArrayList<>();
    private long epoch;
    private long appended;

    @Override
    public synchronized CompletionStage<MembershipPage> append(
            List<MembershipChange> changes, long nowMillis, String position) {
        for (MembershipChange change : changes) {
            if (isNew(change)) {
                newestFirst.add(0, change);
                appended++;
            }
        }
        while (newestFirst.size() > MAX_CHANGES) {
            newestFirst.remove(newestFirst.size() - 1);
        }
        String prefix = epoch + ":";
        int unknown = position.startsWith(prefix)
                ? (int) Math.min(Integer.MAX_VALUE, appended - Long.parseLong(position.substring(prefix.length())))
                : Integer.MAX_VALUE;
        boolean isComplete = unknown > newestFirst.size() || (unknown == newestFirst.size() && unknown > 0);
        return CompletableFuture.completedFuture(new MembershipPage(
                prefix + appended, isComplete, newestFirst.subList(0, Math.min(unknown, newestFirst.size()))));
    }

    private boolean isNew(MembershipChange change) {
        MembershipChange last = newestFirst.stream()
                .filter(known -> known.node().uid().equals(change.node().uid()))
                .findFirst()
                .orElse(null);
        if (last == null) {
            return true;
        }
        long sinceLast = change.timeMillis() - last.timeMillis();
        boolean isGone = last.event().isDeparture();
        if (change.event() == MembershipEvent.JOINED) {
            boolean isLater = last.event() != MembershipEvent.RESTARTED && sinceLast > INACCURACY_MILLIS;
            return isGone && (change.seq() > last.seq() || isLater);
        }
        if (change.event() == MembershipEvent.DRAINING && !isGone) {
            // the join that an aggregator reads late has a later seq
            return last.event() == MembershipEvent.JOINED && sinceLast >= -INACCURACY_MILLIS;
        }
        return isGone
                ? change.seq() > last.seq() && sinceLast > SAME_DEPARTURE_MILLIS
                : change.seq() >= last.seq() && sinceLast >= -INACCURACY_MILLIS;
    }

    /** Deletes all changes, as FLUSHALL does. */
    public synchronized void flush() {
        newestFirst.clear();
        appended = 0;
        epoch++;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
