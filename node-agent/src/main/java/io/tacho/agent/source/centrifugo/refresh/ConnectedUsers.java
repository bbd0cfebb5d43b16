// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import io.tacho.sketch.HyperLogLog;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The users with a connection that has not expired, as sketches by the time of expiry: no ids are kept, and the size does not
 * depend on their number. A later expiry is rounded more, by at most an eighth of its remaining time, so there are at most some
 * hundred sketches of at most 20 KB.
 *
 * <p>Thread safety: safe.
 */
final class ConnectedUsers {

    /** Until a refresh at the time of expiry has its response. */
    static final long GRACE_SECONDS = 10;

    /** Later expiries are treated as this one. */
    static final long MAX_SECONDS = 30 * 24 * 3_600L;

    private static final long STEPS = 8;

    private final NavigableMap<Long, HyperLogLog.Builder> byExpiry = new TreeMap<>();

    synchronized void add(RefreshedUser user, long nowSeconds) {
        long remaining = Math.min(user.expiresAt() - nowSeconds, MAX_SECONDS) + GRACE_SECONDS;
        long step = Math.max(1, Long.highestOneBit(remaining / STEPS));
        long until = -Math.floorDiv(-(nowSeconds + remaining), step) * step;
        byExpiry.computeIfAbsent(until, time -> new HyperLogLog.Builder()).add(user.user());
    }

    /** Returns the users now; null if there are none. */
    synchronized @Nullable HyperLogLog sketch(long nowSeconds) {
        byExpiry.headMap(nowSeconds, true).clear();
        if (byExpiry.isEmpty()) {
            return null;
        }
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        byExpiry.values().forEach(users -> union.add(users.build()));
        return union.build();
    }

    /** Returns the number of sketches. */
    synchronized int size() {
        return byExpiry.size();
    }
}
