// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.HostIds;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.Encoded;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sketch of a host's ids, as text. It is made anew only when the ids have changed, and never so often that this takes more
 * than a hundredth of the time: that of a thousand ids may be new at every beat, that of a million every ten seconds or so.
 *
 * <p>Thread safety: confined to the thread that publishes.
 */
final class IdSketch {

    private static final Logger logger = LoggerFactory.getLogger(IdSketch.class);
    private static final int PAUSE = 99;

    private final String name;
    private final HostIds ids;
    private final LongSupplier nanoTime;

    private @Nullable Encoded<DistinctSketch> sketch;
    private long seen;
    private long notBefore;
    private boolean failing;

    IdSketch(String name, HostIds ids, LongSupplier nanoTime) {
        this.name = name;
        this.ids = ids;
        this.nanoTime = nanoTime;
        notBefore = nanoTime.getAsLong();
    }

    /** Null while there have been no ids. */
    @Nullable
    Encoded<DistinctSketch> sketch() {
        long start = nanoTime.getAsLong();
        if (start - notBefore >= 0) {
            refresh();
            long end = nanoTime.getAsLong();
            notBefore = end + PAUSE * (end - start);
        }
        return sketch;
    }

    // a host's code may throw anything, errors too; it must not end the beat
    private void refresh() {
        try {
            // first: what changes from here on is seen the next time
            long changes = ids.changes().getAsLong();
            if (changes != seen) {
                sketch = DistinctSketch.of(ids.ids().get()).encoded();
                seen = changes;
            }
            failing = false;
        } catch (Throwable e) {
            if (!failing) {
                logger.warn("{}: no sketch of the host's ids; keeping the last", name, e);
            }
            failing = true;
        }
    }
}
