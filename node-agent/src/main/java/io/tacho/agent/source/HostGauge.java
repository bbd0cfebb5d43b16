// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host's supplier, with the last value it gave: what throws or is negative does not reach the wire. */
final class HostGauge {

    private static final Logger logger = LoggerFactory.getLogger(HostGauge.class);

    private final Field field;
    private final LongSupplier supplier;
    private long last;
    private boolean failing;

    HostGauge(Field field, LongSupplier supplier) {
        this.field = field;
        this.supplier = supplier;
    }

    // a host's code may throw anything, errors too; it must not end the beat
    long read() {
        try {
            long value = supplier.getAsLong();
            if (value < 0 || value > NodeSnapshot.MAX_VALUE) {
                throw new IllegalArgumentException(value + " (expected: 0 to " + NodeSnapshot.MAX_VALUE + ")");
            }
            last = value;
            failing = false;
        } catch (Throwable e) {
            if (!failing) {
                logger.warn("{}: the host's gauge failed; keeping {}", field.wireName(), last, e);
            }
            failing = true;
        }
        return last;
    }
}
