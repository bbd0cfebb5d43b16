// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.MetricsWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.Encoded;
import io.tacho.store.DistinctWindow;
import io.tacho.store.WindowHistory;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unites the sketches of all nodes' windows, as they are heard, and adds the unions to the windows in the store, once these
 * are there. Every aggregator does so; it comes to the same however many do, and how often.
 *
 * <p>Thread safety: confined to one thread, except for the responses of the store.
 */
final class DistinctGather {

    /** The largest number of slots whose sketches are united at a time; the earliest is removed first. */
    static final int MAX_SLOTS = 32;

    private static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final Logger logger = LoggerFactory.getLogger(DistinctGather.class);

    /** The union of one kind of ids, so far. */
    private static final class Gathered {
        final DistinctUnion union = new DistinctUnion();
        long nodes;

        void add(@Nullable Encoded<DistinctSketch> encoded) {
            if (encoded != null) {
                // /cluster reports an unreadable one
                encoded.decodeIfReadable().ifPresent(sketch -> {
                    union.add(sketch);
                    nodes++;
                });
            }
        }

        @Nullable
        DistinctSketch sketch() {
            return nodes == 0 ? null : union.toSketch();
        }
    }

    private static final class Gathering {
        final Gathered users = new Gathered();
        final Gathered channels = new Gathered();
        /** Set again by the store's thread when a write has failed. */
        volatile boolean unwritten = true;
    }

    private final WindowHistory store;
    private final ClusterHistory history;
    private final InstantSource clock;
    private final Map<WindowSlot, Gathering> bySlot = new LinkedHashMap<>();

    DistinctGather(WindowHistory store, ClusterHistory history, InstantSource clock) {
        this.store = store;
        this.history = history;
        this.clock = clock;
    }

    /** Adds the sketches of a window that a node has reported; called once for each window of a node. */
    void add(KnownNode node) {
        MetricsWindow window = node.envelope().window();
        WindowDetail detail = node.detail();
        if (window == null || (detail.users() == null && detail.channels() == null)) {
            return;
        }
        WindowSlot slot = WindowSlot.of(node.envelope().metricsIntervalSeconds(), window);
        if (isOver(slot) || slot.startMillis() > clock.millis()) {
            return;
        }
        Gathering gathering = bySlot.computeIfAbsent(slot, first -> new Gathering());
        gathering.users.add(detail.users());
        gathering.channels.add(detail.channels());
        gathering.unwritten = true;
        if (bySlot.size() > MAX_SLOTS) {
            Iterator<WindowSlot> slots = bySlot.keySet().iterator();
            slots.next();
            slots.remove();
        }
    }

    /** Returns whether no node is expected to report the slot any more: its nodes report the one after the next. */
    private boolean isOver(WindowSlot slot) {
        long interval = TimeUnit.SECONDS.toMillis(slot.intervalSeconds());
        return clock.millis() > slot.startMillis() + 3 * interval + GRACE_MILLIS;
    }

    /** Writes what is to be written now. */
    void write() {
        bySlot.keySet().removeIf(this::isOver);
        bySlot.forEach((slot, gathering) -> {
            if (gathering.unwritten
                    && clock.millis() >= WindowTimes.uploadedMillis(slot.startMillis(), slot.intervalSeconds())
                    && history.contains(slot)) {
                gathering.unwritten = false;
                write(slot, gathering);
            }
        });
    }

    private void write(WindowSlot slot, Gathering gathering) {
        DistinctWindow window = new DistinctWindow(
                slot,
                gathering.users.sketch(),
                gathering.users.nodes,
                gathering.channels.sketch(),
                gathering.channels.nodes);
        store.add(window).exceptionally(failure -> {
            logger.debug("unions of window {} not written: {}", slot, failure.getMessage());
            gathering.unwritten = true;
            return null;
        });
    }

    /** Returns the number of slots that are being gathered. */
    int slots() {
        return bySlot.size();
    }
}
