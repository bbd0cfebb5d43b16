// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Commands that make beats, encoded before they are needed; only the {@code seq} in them is written anew each time, so that
 * every one of them is news.
 *
 * <p>Thread safety: one caller at a time.
 */
final class Beats {

    /** Long enough that no node expires while something else is measured. */
    static final long TTL_MILLIS = 3_600_000;

    /** The placeholder of the seq: of the same length, and unique in the message. */
    private static final long MARK = 7_777_777_777_777L;

    private static final SnapshotCodec CODEC = new SnapshotCodec();

    private record Template(byte[] bytes, List<Integer> places) {

        static Template of(byte[] command) {
            String text = new String(command, ISO_8859_1);
            String mark = Long.toString(MARK);
            List<Integer> places = new ArrayList<>();
            for (int i = text.indexOf(mark); i >= 0; i = text.indexOf(mark, i + mark.length())) {
                places.add(i);
            }
            return new Template(command, List.copyOf(places));
        }

        byte[] with(long seq) {
            byte[] digits = Long.toString(seq).getBytes(ISO_8859_1);
            for (int place : places) {
                System.arraycopy(digits, 0, bytes, place, digits.length);
            }
            return bytes;
        }
    }

    private final List<Template> templates;
    private long seq = System.currentTimeMillis();
    private int next;

    private Beats(List<Template> templates) {
        this.templates = templates;
    }

    /** Whole beats as the contract has them: {@code EVALSHA}. */
    static Beats scripts(String namespace, int nodes, String digest) {
        List<Template> templates = new ArrayList<>(nodes);
        for (int i = 0; i < nodes; i++) {
            templates.add(Template.of(Resp.command(Probe.words(namespace, digest, CODEC, beat(i)))));
        }
        return new Beats(templates);
    }

    /** Returns the messages alone: {@code PUBLISH}. */
    static Beats messages(String namespace, int nodes) {
        List<Template> templates = new ArrayList<>(nodes);
        byte[] publish = "PUBLISH".getBytes(UTF_8);
        byte[] channel = RawSubscriber.channel(namespace).getBytes(UTF_8);
        for (int i = 0; i < nodes; i++) {
            templates.add(Template.of(Resp.command(publish, channel, CODEC.encode(beat(i)))));
        }
        return new Beats(templates);
    }

    /** Makes the script known to the server. */
    static String load(Resp redis) throws IOException {
        try (InputStream in = SnapshotCodec.class.getResourceAsStream("/io/tacho/redis/beat.lua")) {
            if (in == null) {
                throw new IllegalStateException("beat.lua is missing from the class path");
            }
            Object digest = redis.ask("SCRIPT", "LOAD", new String(in.readAllBytes(), UTF_8));
            return digest instanceof byte[] text ? new String(text, StandardCharsets.US_ASCII) : "";
        }
    }

    /** Returns the next node's next beat; the array is used again for that node's next one. */
    byte[] next() {
        if (next == templates.size()) {
            next = 0;
            seq++;
        }
        return templates.get(next++).with(seq);
    }

    /** All numbers have as many digits as those of a busy node. */
    static SnapshotEnvelope beat(int place) {
        String name = String.format(Locale.ROOT, "bench-%06d", place);
        NodeSnapshot snapshot = NodeSnapshot.builder(
                        String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", place), name)
                .set(Field.NUM_GOROUTINE, 23)
                .set(Field.NUM_CLIENTS, 1_234)
                .set(Field.NUM_UNIQUE_CLIENTS, 1_110)
                .set(Field.NUM_CHANNELS, 318)
                .set(Field.STARTED_AT, 1_795_367_843)
                .set(Field.GOMAXPROCS, 4)
                .set(Field.NUM_CPU, 8)
                .set(Field.NUM_MSG_PUBLISHED, 3_702)
                .set(Field.NUM_MSG_QUEUED, 44_424)
                .set(Field.NUM_MSG_SENT, 44_420)
                .set(Field.NUM_API_REQUESTS, 925)
                .set(Field.NUM_CLIENT_REQUESTS, 6_170)
                .set(Field.BYTES_CLIENT_IN, 678_700)
                .set(Field.BYTES_CLIENT_OUT, 7_996_320)
                .set(Field.TIME_API_MEAN, 250_000)
                .set(Field.TIME_CLIENT_MEAN, 80_000)
                .set(Field.TIME_API_MAX, 1_900_000)
                .set(Field.TIME_CLIENT_MAX, 1_400_000)
                .set(Field.MEMORY_SYS, 90_000_000)
                .set(Field.CPU_USAGE, 49)
                .build();
        return SnapshotEnvelope.builder(snapshot)
                .seq(MARK)
                .ttlMillis(TTL_MILLIS)
                .metricsIntervalSeconds(60)
                .window(new MetricsWindow(1_795_368_000_000L, 1_795_368_060_000L))
                .build();
    }
}
