// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A completed window of a node, as this aggregator received it.
 *
 * <p>Thread safety: immutable.
 */
public final class RecentWindow {

    /** The fields of a window, in the order of the catalogue: those that change while a node runs. */
    public static final List<Field> FIELDS =
            Field.NUMBERS.stream().filter(Field::isVariable).toList();

    private final MetricsWindow window;
    private final long[] numbers;

    /**
     * Creates the window of a snapshot.
     *
     * @param window the time of the window, by the clock of the node
     */
    RecentWindow(MetricsWindow window, NodeSnapshot snapshot) {
        this.window = window;
        numbers = new long[FIELDS.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = snapshot.number(FIELDS.get(i));
        }
    }

    /**
     * Creates the window of a node's last beat.
     *
     * @param nowMillis determines the time of the window if the node does not report it: one per interval
     */
    public static RecentWindow of(SnapshotEnvelope beat, long nowMillis) {
        MetricsWindow window = beat.window();
        if (window == null) {
            long interval = TimeUnit.SECONDS.toMillis(beat.metricsIntervalSeconds());
            long end = Math.max(interval, nowMillis - nowMillis % interval);
            window = new MetricsWindow(end - interval, end);
        }
        return new RecentWindow(window, beat.snapshot());
    }

    /** {@return the time of the window, by the clock of the node} */
    public MetricsWindow window() {
        return window;
    }

    /** Returns the value of the field at an index of {@link #FIELDS}. */
    public long number(int index) {
        return numbers[index];
    }
}
