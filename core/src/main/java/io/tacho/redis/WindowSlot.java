// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.NodeWindow;
import io.tacho.model.SnapshotEnvelope;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A window of the cluster, by its length and its start in UNIX milliseconds: a multiple of the length. */
record WindowSlot(long intervalSeconds, long startMillis) {

    /** How long windows are remembered where nobody says otherwise. */
    static final Duration DEFAULT_HISTORY = Duration.ofHours(24);

    /** So many windows of one length are remembered at the most, however long. */
    private static final int MAX_WINDOWS = 10_000;

    private static final Pattern MEMBER = Pattern.compile("([1-9][0-9]{0,4}):(0|[1-9][0-9]{0,14})");

    static WindowSlot of(NodeWindow window) {
        return new WindowSlot(window.intervalSeconds(), window.slotMillis());
    }

    /** What a member of the index, or the end of a key, means; null if nothing. */
    static @Nullable WindowSlot parse(String member) {
        Matcher found = MEMBER.matcher(member);
        if (!found.matches()) {
            return null;
        }
        long interval = Long.parseLong(found.group(1));
        long start = Long.parseLong(found.group(2));
        return interval > SnapshotEnvelope.MAX_INTERVAL_SECONDS || start % (1_000 * interval) != 0
                ? null
                : new WindowSlot(interval, start);
    }

    String member() {
        return intervalSeconds + ":" + startMillis;
    }

    /** How long the window is remembered, milliseconds. */
    long lifeMillis(Duration history) {
        return Math.min(history.toMillis(), MAX_WINDOWS * 1_000 * intervalSeconds);
    }
}
