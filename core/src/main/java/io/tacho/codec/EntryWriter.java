// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Writes an entry of the nodes array, UTF-8 JSON. It is written anew with every beat of every node, so it is put together
 * from keys that are bytes already.
 */
final class EntryWriter {

    /** Each with what stands before and after it. */
    private static final byte[][] KEYS = new byte[Shape.NODE.size()][];

    private static final int KEYS_LENGTH;

    /** Of a value that the model lets in. */
    private static final int MAX_DIGITS = 16;

    static {
        int length = 0;
        for (int place = 0; place < KEYS.length; place++) {
            KEYS[place] = ((place == 0 ? "{\"" : ",\"") + Shape.NODE.name(place) + "\":").getBytes(UTF_8);
            length += KEYS[place].length;
        }
        KEYS_LENGTH = length;
    }

    private final byte[] out;
    private int at;
    private int place;

    private EntryWriter(int capacity) {
        out = new byte[capacity];
    }

    /** @param quoted a string as JSON has it, with its quotation marks */
    static byte[] write(NodeSnapshot snapshot, Function<String, byte[]> quoted) {
        NodeInfo info = snapshot.info();
        IntervalMetrics metrics = snapshot.metrics();
        byte[] uid = quoted.apply(info.uid());
        byte[] name = quoted.apply(info.name());
        EntryWriter entry =
                new EntryWriter(KEYS_LENGTH + uid.length + name.length + MAX_DIGITS * (KEYS.length - 2) + 1);
        entry.next(uid);
        entry.next(name);
        entry.next(info.numGoroutine());
        entry.next(info.numClients());
        entry.next(info.numUniqueClients());
        entry.next(info.numChannels());
        entry.next(info.startedAt());
        entry.next(info.gomaxprocs());
        entry.next(info.numCpu());
        entry.next(metrics.numMsgPublished());
        entry.next(metrics.numMsgQueued());
        entry.next(metrics.numMsgSent());
        entry.next(metrics.numApiRequests());
        entry.next(metrics.numClientRequests());
        entry.next(metrics.bytesClientIn());
        entry.next(metrics.bytesClientOut());
        entry.next(metrics.timeApiMean());
        entry.next(metrics.timeClientMean());
        entry.next(metrics.timeApiMax());
        entry.next(metrics.timeClientMax());
        entry.next(metrics.memorySys());
        entry.next(metrics.cpuUsage());
        entry.out[entry.at++] = '}';
        return Arrays.copyOf(entry.out, entry.at);
    }

    private void next(byte[] value) {
        append(KEYS[place++]);
        append(value);
    }

    private void next(long value) {
        append(KEYS[place++]);
        int digits = 1;
        for (long rest = value; rest > 9; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += digits;
    }

    private void append(byte[] bytes) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }
}
