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
 * Merges the sketches of all nodes' windows as they arrive, and adds the unions to the stored windows once these exist. Every
 * aggregator does so; the result does not depend on how many aggregators write, or how often.
 *
 * <p>Thread safety: confined to one thread, except for the responses of the store.
 */
final class SketchUnionWriter {

    /** The maximum number of slots whose sketches are merged at a time; the earliest is removed first. */
    static final int MAX_SLOTS = 32;

    private static final long GRACE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final Logger logger = LoggerFactory.getLogger(SketchUnionWriter.class);

    /** The union of one kind of ids in the windows that have arrived. */
    private static final class IdUnion {
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

    private static final class SlotUnions {
        final IdUnion users = new IdUnion();
        final IdUnion channels = new IdUnion();
        /** Set again by the store's thread when a write has failed. */
        volatile boolean unwritten = true;
    }

    private final WindowHistory store;
    private final WindowCache cache;
    private final InstantSource clock;
    private final Map<WindowSlot, SlotUnions> bySlot = new LinkedHashMap<>();

    SketchUnionWriter(WindowHistory store, WindowCache cache, InstantSource clock) {
        this.store = store;
        this.cache = cache;
        this.clock = clock;
    }

    /** Merges the sketches of a node's window; called once for each window of a node. */
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
        SlotUnions unions = bySlot.computeIfAbsent(slot, first -> new SlotUnions());
        unions.users.add(detail.users());
        unions.channels.add(detail.channels());
        unions.unwritten = true;
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

    /** Writes the unions that are due to the store. */
    void write() {
        bySlot.keySet().removeIf(this::isOver);
        bySlot.forEach((slot, unions) -> {
            if (unions.unwritten
                    && clock.millis() >= WindowTimes.uploadedMillis(slot.startMillis(), slot.intervalSeconds())
                    && cache.contains(slot)) {
                unions.unwritten = false;
                write(slot, unions);
            }
        });
    }

    private void write(WindowSlot slot, SlotUnions unions) {
        DistinctWindow window = new DistinctWindow(
                slot, unions.users.sketch(), unions.users.nodes, unions.channels.sketch(), unions.channels.nodes);
        store.add(window).exceptionally(failure -> {
            logger.debug("unions of window {} not written: {}", slot, failure.getMessage());
            unions.unwritten = true;
            return null;
        });
    }

    /** Returns the number of slots whose sketches are being merged. */
    int slotCount() {
        return bySlot.size();
    }
}
