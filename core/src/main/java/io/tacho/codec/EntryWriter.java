// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import io.tacho.model.Field;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.util.stream.Stream;

/**
 * Writes an entry of the nodes array: an object of the 22 fields in their order. An aggregator writes one for each beat of each
 * node, so the length is computed first and the accessors are unrolled; a test compares them with the {@link Field} catalogue.
 */
final class EntryWriter {

    private static final byte[][] KEYS = Shape.NODE.keys();

    private static final int KEYS_LENGTH =
            Stream.of(KEYS).mapToInt(key -> key.length).sum();

    private EntryWriter() {}

    /** {@return the entry of a node, UTF-8 JSON} */
    static byte[] write(NodeSnapshot snapshot) {
        byte[] uid = JsonBytes.quoted(snapshot.uid());
        byte[] name = JsonBytes.quoted(snapshot.name());
        long[] numbers = numbers(snapshot.info(), snapshot.metrics());
        int length = KEYS_LENGTH + uid.length + name.length + 1;
        for (long number : numbers) {
            length += JsonBytes.digits(number);
        }
        JsonBytes entry = new JsonBytes(length);
        entry.append(KEYS[0]);
        entry.append(uid);
        entry.append(KEYS[1]);
        entry.append(name);
        for (int i = 0; i < numbers.length; i++) {
            entry.append(KEYS[2 + i]);
            entry.append(numbers[i]);
        }
        entry.append('}');
        return entry.toBytes();
    }

    /** {@return the values of {@link Field#NUMBERS}, in their order} */
    private static long[] numbers(NodeInfo info, IntervalMetrics metrics) {
        return new long[] {
            info.numGoroutine(),
            info.numClients(),
            info.numUniqueClients(),
            info.numChannels(),
            info.startedAt(),
            info.gomaxprocs(),
            info.numCpu(),
            metrics.numMsgPublished(),
            metrics.numMsgQueued(),
            metrics.numMsgSent(),
            metrics.numApiRequests(),
            metrics.numClientRequests(),
            metrics.bytesClientIn(),
            metrics.bytesClientOut(),
            metrics.timeApiMean(),
            metrics.timeClientMean(),
            metrics.timeApiMax(),
            metrics.timeClientMax(),
            metrics.memorySys(),
            metrics.cpuUsage()
        };
    }
}
