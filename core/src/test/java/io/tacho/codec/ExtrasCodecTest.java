// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtrasCodecTest {

    private static final Extras EXTRAS = new Extras(Map.of(
            "num_subs", Extra.gauge(75),
            "disconnects{code=\"3008\"}", Extra.counter(2, 14),
            "ping_pong", new Extra(Extra.TIMER, Extra.HISTOGRAM, 0, null, Snapshots.histogram("api"))));

    private final SnapshotCodec codec = new SnapshotCodec();
    private final List<String> leftOut = new ArrayList<>();

    private static SnapshotEnvelope beat(Extras extras) {
        SnapshotEnvelope beat = Snapshots.detailed("u1", 7);
        return SnapshotEnvelope.builder(beat.snapshot())
                .seq(7)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(beat.status())
                .detail(new WindowDetail(null, null, null, null, extras))
                .build();
    }

    private Extras decode(String message) throws MalformedSnapshotException {
        SnapshotEnvelope beat =
                (SnapshotEnvelope) codec.decode(message.getBytes(UTF_8), failure -> leftOut.add(failure.getMessage()));
        return beat.detail().extras();
    }

    private String encode(Extras extras) {
        return new String(codec.encode(beat(extras)), UTF_8);
    }

    @Test
    void encode_writesOneObjectPerValue() {
        assertThat(encode(EXTRAS))
                .contains(",\"extras\":{"
                        + "\"disconnects{code=\\\"3008\\\"}\":{\"kind\":\"counter\",\"rule\":\"sum\",\"value\":2,\"total\":14},"
                        + "\"num_subs\":{\"kind\":\"gauge\",\"rule\":\"sum\",\"value\":75},"
                        + "\"ping_pong\":{\"kind\":\"timer\",\"rule\":\"histogram\",\"value\":\"YXBp\"}},\"node\":{");
    }

    @Test
    void encode_noExtras_memberIsAbsent() {
        assertThat(encode(Extras.NONE)).doesNotContain("extras");
    }

    @Test
    void decode_messageAndHash_roundTrip() throws Exception {
        assertThat(decode(encode(EXTRAS))).isEqualTo(EXTRAS);
        assertThat(codec.fromHash(new MessagePack(PackedHash.of(codec.toHash(beat(EXTRAS)))), 1, failure -> {})
                        .detail()
                        .extras())
                .isEqualTo(EXTRAS);
    }

    @Test
    void decode_kindsAndRulesOfLaterVersion() throws Exception {
        Extras extras = new Extras(Map.of("x", new Extra("rate", "median", 7, null, null)));

        assertThat(decode(encode(extras))).isEqualTo(extras);
        assertThat(leftOut).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "num_subs":{   | "Num":{       | extras: name 'Num' (expected: lower-case letters
                    "num_subs":{   | "subs_total":{ | extras: name 'subs_total' (expected: lower-case letters
                    "value":75     | "value":7.5   | extras.num_subs.value: 7.5 (expected: an integer)
                    "value":75     | "value":-1    | extras: value: -1 (expected: 0 to
                    "value":75     | "other":75    | extras.num_subs.value: missing (expected: an integer)
                    "kind":"gauge" | "kind":7      | extras.num_subs.kind: 7 (expected: a string)
                    "gauge","rule":"sum" | "gauge","rule":"Sum" | extras: rule: name 'Sum' (expected: lower-case letters
                    "YXBp"         | "Y XBp"       | extras.ping_pong: character U+0020 at index 1 (expected: base64)
                    """)
    void decode_invalidValue_isLeftOut_othersAreKept(String good, String bad, String problem) throws Exception {
        String message = encode(EXTRAS);
        assertThat(message).contains(good);

        Extras read = decode(message.replace(good, bad));

        assertThat(read.byName()).hasSize(2).containsKey("disconnects{code=\"3008\"}");
        assertThat(leftOut).singleElement().asString().startsWith(problem);
    }

    @Test
    void decode_moreThanLimit() throws Exception {
        Map<String, Extra> many = IntStream.range(0, 64)
                .boxed()
                .collect(Collectors.toMap(i -> "x%02d".formatted(i), i -> Extra.gauge(i), (a, b) -> a, TreeMap::new));
        String message = encode(new Extras(many))
                .replace("\"x63\":{", "\"x62x\":{\"kind\":\"gauge\",\"rule\":\"sum\",\"value\":1},\"x63\":{");

        assertThat(decode(message).byName()).hasSize(64).doesNotContainKey("x63");
        assertThat(leftOut).singleElement().asString().startsWith("extras: more than 64 (expected: at most 64)");
    }
}
