// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowGauges;
import io.tacho.transport.FoldBatch;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code fold.lua} is called with; the order is the script's. */
record FoldCall(String[] keys, byte[][] arguments) {

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
            add(arguments, window.sums());
            add(arguments, window.weightedGauges());
            add(arguments, window.timeApiMax());
            add(arguments, window.timeClientMax());
            add(arguments, window.gauges().numUniqueClients());
            add(arguments, window.gauges().numChannels());
            arguments.add(bytes(window.timeApi()));
            arguments.add(bytes(window.timeClient()));
        }
        return new FoldCall(keys.toArray(new String[0]), arguments.toArray(new byte[0][]));
    }

    private static void add(List<byte[]> arguments, NodeTotals sums) {
        add(arguments, sums.numMsgPublished());
        add(arguments, sums.numMsgQueued());
        add(arguments, sums.numMsgSent());
        add(arguments, sums.numApiRequests());
        add(arguments, sums.numClientRequests());
        add(arguments, sums.bytesClientIn());
        add(arguments, sums.bytesClientOut());
        add(arguments, sums.timeApiSum());
        add(arguments, sums.timeClientSum());
    }

    private static void add(List<byte[]> arguments, WindowGauges gauges) {
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

    /** Redis keeps the histogram's bytes as they are. */
    private static byte[] bytes(@Nullable String base64) {
        return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
    }
}
