// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowSlot;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A window of the cluster as a member of the index of windows, and at the end of its key: {@code <interval>:<start>}. */
final class SlotMember {

    /** The TTL of an entry that was written by an aggregator and by no node. */
    static final Duration DEFAULT_HISTORY = Duration.ofHours(24);

    /** The largest number of windows of one length that are stored. */
    private static final int MAX_WINDOWS = 10_000;

    private static final Pattern MEMBER = Pattern.compile("([1-9][0-9]{0,4}):(0|[1-9][0-9]{0,14})");

    private SlotMember() {}

    static String of(WindowSlot slot) {
        return slot.intervalSeconds() + ":" + slot.startMillis();
    }

    /** {@return the window that a member of the index stands for; null if it is not one} */
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

    /** {@return how long the window is stored, milliseconds} */
    static long lifeMillis(WindowSlot slot, Duration history) {
        return Math.min(history.toMillis(), MAX_WINDOWS * 1_000 * slot.intervalSeconds());
    }
}
