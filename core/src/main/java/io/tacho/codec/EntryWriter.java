// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.util.function.Function;

/**
 * Writes an entry of the nodes array, UTF-8 JSON. It is written anew with every beat of every node, so it is put together
 * from keys that are bytes already.
 */
final class EntryWriter {

    /** Each with what stands before and after it. */
    private static final byte[][] KEYS = new byte[Shape.NODE.size()][];

    private static final int KEYS_LENGTH;

    /** The two digits of each number below 100. */
    private static final byte[] PAIRS = new byte[200];

    static {
        int length = 0;
        for (int place = 0; place < KEYS.length; place++) {
            KEYS[place] = ((place == 0 ? "{\"" : ",\"") + Shape.NODE.name(place) + "\":").getBytes(UTF_8);
            length += KEYS[place].length;
        }
        KEYS_LENGTH = length;
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private final byte[] out;
    private int at;
    private int place;

    private EntryWriter(int length) {
        out = new byte[length];
    }

    /** @param quoted a string as JSON has it, with its quotation marks */
    static byte[] write(NodeSnapshot snapshot, Function<String, byte[]> quoted) {
        byte[] uid = quoted.apply(snapshot.info().uid());
        byte[] name = quoted.apply(snapshot.info().name());
        long[] values = values(snapshot.info(), snapshot.metrics());
        int length = KEYS_LENGTH + uid.length + name.length + 1;
        for (long value : values) {
            length += digits(value);
        }
        EntryWriter entry = new EntryWriter(length);
        entry.next(uid);
        entry.next(name);
        for (long value : values) {
            entry.next(value);
        }
        entry.out[entry.at] = '}';
        return entry.out;
    }

    /** From the third field on. */
    private static long[] values(NodeInfo info, IntervalMetrics metrics) {
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

    /** How many a number has that is not negative; the model lets no other in. */
    private static int digits(long value) {
        int digits = 1;
        for (long power = 10; power <= value; power *= 10) {
            digits++;
        }
        return digits;
    }

    private void next(byte[] value) {
        append(KEYS[place++]);
        append(value);
    }

    private void next(long value) {
        append(KEYS[place++]);
        int first = at;
        at += digits(value);
        long rest = value;
        int end = at;
        for (; end - first >= 2; end -= 2) {
            int pair = 2 * (int) (rest % 100);
            rest /= 100;
            out[end - 1] = PAIRS[pair + 1];
            out[end - 2] = PAIRS[pair];
        }
        if (end > first) {
            out[first] = (byte) ('0' + rest);
        }
    }

    private void append(byte[] bytes) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }
}
