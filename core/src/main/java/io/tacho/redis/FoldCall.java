// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.store.FoldBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code fold.lua} is called with; the order is the script's. */
record FoldCall(String[] keys, byte[][] arguments) {

    private static final byte[] NOTHING = new byte[0];

    static FoldCall of(FoldBatch batch, RedisKeyspace keyspace) {
        int partition = keyspace.partitionOf(batch.uid());
        List<String> keys = new ArrayList<>();
        keys.add(keyspace.folded(batch.uid()));
        keys.add(keyspace.windows(partition));
        List<byte[]> arguments = new ArrayList<>();
        add(arguments, batch.believed());
        add(arguments, WindowSlot.of(batch.windows().get(0).window()).lifeMillis(batch.history()));
        for (FoldBatch.Numbered numbered : batch.windows()) {
            NodeWindow window = numbered.window();
            WindowSlot slot = WindowSlot.of(window);
            keys.add(keyspace.window(partition, slot));
            add(arguments, numbered.number());
            arguments.add(slot.member().getBytes(US_ASCII));
            addCounts(arguments, window.sums());
            addGauges(arguments, window.weightedGauges());
            add(arguments, window.timeApiMax());
            add(arguments, window.timeClientMax());
            add(arguments, window.gauges().numUniqueClients());
            add(arguments, window.gauges().numChannels());
            arguments.add(packed(window.timeApi()));
            arguments.add(packed(window.timeClient()));
            add(arguments, window.sums().timeApiSum());
            add(arguments, window.sums().timeClientSum());
        }
        return new FoldCall(keys.toArray(new String[0]), arguments.toArray(new byte[0][]));
    }

    private static void addCounts(List<byte[]> arguments, NodeTotals sums) {
        add(arguments, sums.numMsgPublished());
        add(arguments, sums.numMsgQueued());
        add(arguments, sums.numMsgSent());
        add(arguments, sums.numApiRequests());
        add(arguments, sums.numClientRequests());
        add(arguments, sums.bytesClientIn());
        add(arguments, sums.bytesClientOut());
    }

    private static void addGauges(List<byte[]> arguments, WindowGauges gauges) {
        add(arguments, gauges.numGoroutine());
        add(arguments, gauges.numClients());
        add(arguments, gauges.numUniqueClients());
        add(arguments, gauges.numChannels());
        add(arguments, gauges.memorySys());
        add(arguments, gauges.cpuUsage());
    }

    private static void add(List<byte[]> arguments, long number) {
        arguments.add(Long.toString(number).getBytes(US_ASCII));
    }

    /** Nothing for none, and for what is none. */
    private static byte[] packed(@Nullable String histogram) {
        if (histogram == null) {
            return NOTHING;
        }
        try {
            return PackedHistogram.write(DurationHistogram.parse(histogram));
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }
}
