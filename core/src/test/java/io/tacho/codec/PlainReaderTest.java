// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Envelope;
import io.tacho.model.Field;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares {@code PlainReader}, the fast path for messages of agents, with the general JSON reader. */
class PlainReaderTest {

    private static final int MESSAGES = 300;
    private static final int MUTATIONS = 40;

    /** Inserted text that makes JSON invalid, changes types, or adds known and unknown members. */
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ",",
            ":",
            " ",
            "-",
            "0",
            "00",
            ".5",
            "e3",
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\\u0041",
            "\\\"",
            "é",
            "\u0001",
            "\u0000",
            "999999999999999999",
            "9999999999999999999",
            "\"v\":1,",
            ",\"uid\":\"b\"",
            ",\"seq\":7",
            ",\"later\":{\"a\":[1,{\"b\":\"}\"}]}",
            ",\"labels\":{\"zone\":\"a\"}",
            ",\"labels\":{\"zone\":\"a\",\"zone\":\"b\"}",
            ",\"labels\":{\"zone\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}",
            ",\"quality\":{\"cpu_usage\":\"bound\"]",
            ",\"totals\":{}",
            ",\"node\":{\"uid\":\"c\"}",
            "{\"v\":1}");

    private final SnapshotCodec codec = new SnapshotCodec();

    @Test
    void agentMessage_isReadByFastPath() {
        Random random = new Random(1);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = codec.encode(beat(random));
            assertThat(plain(message)).describedAs(new String(message, UTF_8)).isNotNull();
        }
        assertThat(plain(codec.encode(Snapshots.detailed("a", 1)))).isNotNull();
        assertThat(plain(codec.encode(Snapshots.leave("a", 1)))).isNotNull();
    }

    @Test
    void agentMessage_roundTrips() throws MalformedSnapshotException {
        Random random = new Random(2);
        for (int i = 0; i < MESSAGES; i++) {
            SnapshotEnvelope beat = beat(random);
            assertThat(codec.decode(codec.encode(beat), leftOut -> {})).isEqualTo(beat);
        }
    }

    @Test
    void mutatedMessage_hasSameResultAsGeneralReader() {
        Random random = new Random(3);
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(codec.encode(beat(random)));
        }
        int accepted = 0;
        for (int i = 0; i < MESSAGES * MUTATIONS; i++) {
            byte[] mutated = messages.get(random.nextInt(MESSAGES));
            for (int times = random.nextInt(3); times >= 0; times--) {
                mutated = mutate(mutated, random);
            }
            Result result = decode(mutated);
            assertThat(result).describedAs(new String(mutated, ISO_8859_1)).isEqualTo(decodeByGeneralReader(mutated));
            accepted += result.envelope() == null ? 0 : 1;
        }
        assertThat(accepted).isBetween(MESSAGES, MESSAGES * MUTATIONS - MESSAGES);
    }

    @Test
    void truncatedMessage_hasSameResultAsGeneralReader() {
        byte[] message = codec.encode(Snapshots.detailed("a", 1));
        for (int length = 0; length < message.length; length++) {
            byte[] truncated = Arrays.copyOf(message, length);
            assertThat(decode(truncated)).isEqualTo(decodeByGeneralReader(truncated));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"v\":1",
                "{\"v\":1}}",
                "{\"v\":1} ",
                " {\"v\":1}",
                "{\"v\": 1}",
                "{\"v\":-1}",
                "{\"v\":01}",
                "{\"v\":1.0}",
                "{\"v\":1e3}",
                "{\"v\":9999999999999999999}",
                "{\"v\":null}",
                "{\"v\":[1]}",
                "{\"type\":\"a\\n\"}",
                "{\"type\":\"é\"}",
                "{\"type\":\"\u0001\"}",
                "{\"type\":\"a\",\"v\":1}",
                "{\"v\":1,\"v\":1}",
                "{\"v\":1,}",
                "{\"later\":1}",
                "{\"v\":1,\"labels\":{\"a\":\"\\\"\"}}",
                "{\"v\":1,\"labels\":{\"a\":\"b\"]}",
                "{\"v\":1,\"labels\":{",
                "{\"v\":1,\"labels\":{\"a\":[[[[[[[[1]]]]]]]]}}",
                "{\"v\":1,\"node\":{}}"
            })
    void otherJson_isLeftToGeneralReader(String json) {
        assertThat(plain(json.getBytes(UTF_8))).isNull();
    }

    @Test
    void unknownLabelNames_areReadByFastPath() {
        String json = "{\"v\":1,\"labels\":{\"a\":\"{[\",\"b\":{\"c\":[\"é\"]}}}";
        assertThat(plain(json.getBytes(UTF_8))).isNotNull();
    }

    private static Fields plain(byte[] json) {
        return PlainReader.read(json, Shape.ENVELOPE, WireJson.MAPPER.reader());
    }

    /** The envelope, or the reason and text of the error, and the errors of the parts that were left out. */
    private record Result(Envelope envelope, String error, List<String> leftOut) {}

    private Result decode(byte[] message) {
        List<String> leftOut = new ArrayList<>();
        try {
            return new Result(codec.decode(message, part -> leftOut.add(part.getMessage())), "", leftOut);
        } catch (MalformedSnapshotException e) {
            String error = e.reason() + " " + e.getMessage();
            return new Result(null, error.replaceAll("column: \\d+", "column"), leftOut);
        }
    }

    /** Decodes by the general reader: a leading space disables the fast path and has no meaning in JSON. */
    private Result decodeByGeneralReader(byte[] message) {
        byte[] spaced = new byte[message.length + 1];
        spaced[0] = ' ';
        System.arraycopy(message, 0, spaced, 1, message.length);
        return decode(spaced);
    }

    private static byte[] mutate(byte[] message, Random random) {
        int from = random.nextInt(message.length + 1);
        int to = Math.min(message.length, from + (random.nextBoolean() ? 0 : random.nextInt(12)));
        String piece = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> String.valueOf((char) random.nextInt(256));
            case 2 -> new String(message, ISO_8859_1).substring(random.nextInt(from + 1), from);
            default -> new String(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), ISO_8859_1);
        };
        String text = new String(message, ISO_8859_1);
        return (text.substring(0, from) + piece + text.substring(to)).getBytes(ISO_8859_1);
    }

    private static SnapshotEnvelope beat(Random random) {
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder("uid-" + random.nextInt(5), "name-" + random.nextInt(5));
        for (Field field : Field.NUMBERS) {
            snapshot.set(field, random.nextLong(1L << random.nextInt(1, 53)));
        }
        return SnapshotEnvelope.builder(snapshot.build())
                .seq(1 + random.nextInt(1_000))
                .ttlMillis(1 + random.nextInt(86_400_000))
                .metricsIntervalSeconds(1 + random.nextInt(60))
                .window(random.nextBoolean() ? null : new MetricsWindow(random.nextInt(60), 60 + random.nextInt(60)))
                .status(status(random))
                .totals(random.nextBoolean() ? null : new NodeTotals(1, 2, 3, 4, random.nextLong(1L << 50), 6, 7, 8, 9))
                .detail(
                        random.nextBoolean()
                                ? WindowDetail.NONE
                                : new WindowDetail(
                                        Snapshots.histogram("api"), null, Snapshots.sketch("u"), Snapshots.sketch("c")))
                .build();
    }

    private static NodeStatus status(Random random) {
        return new NodeStatus(
                random.nextBoolean() ? null : "host-1",
                random.nextInt(2) * 5_000,
                random.nextBoolean(),
                random.nextBoolean() ? null : "6.2.0",
                random.nextBoolean() ? Map.of() : Map.of("zone", "a", "role", "007"),
                random.nextBoolean() ? QualityFlags.NONE : QualityFlags.of(Map.of(Field.CPU_USAGE, Quality.BOUND)),
                random.nextBoolean() ? null : "w-1",
                random.nextBoolean() ? null : "https://host-1:8443/metrics",
                random.nextInt(2) * 1_000,
                random.nextBoolean() ? null : "c-1");
    }
}
