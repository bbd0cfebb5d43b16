// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Envelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the optional parts of a message are decoded independently of the 22 fields and of each other. */
class OptionalPartsTest {

    private final SnapshotCodec codec = new SnapshotCodec();

    @Test
    void encode_optionalFields() {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8);

        assertThat(message)
                .startsWith("{\"v\":1,\"type\":\"snapshot\",\"seq\":7,\"ttl_ms\":15000,\"metrics_interval\":60,"
                        + "\"window_start_ms\":1795368000000,\"window_end_ms\":1795368060000,"
                        + "\"host\":\"host-1\",\"publish_interval_ms\":5000,\"draining\":1,\"writer\":\"w-1\",\"version\":\"6.2.0\","
                        + "\"address\":\"https://host-1:8443/metrics\",\"capacity\":1000,\"command\":\"c-1\","
                        + "\"labels\":{\"role\":\"007\",\"zone\":\"a\"},"
                        + "\"quality\":{\"bytes_client_in\":\"unavailable\",\"num_msg_queued\":\"bound\"},"
                        + "\"totals\":{\"num_msg_published\":101,\"num_msg_queued\":102,\"num_msg_sent\":103,"
                        + "\"num_api_requests\":104,\"num_client_requests\":105,\"bytes_client_in\":106,"
                        + "\"bytes_client_out\":107,\"time_api_sum\":108,\"time_client_sum\":109},"
                        + "\"histograms\":{\"time_api\":\"YXBp\",\"time_client\":\"Y2xpZW50\"},"
                        + "\"sketches\":{\"users\":\"dXNlcnM\",\"channels\":\"Y2hhbm5lbHM\"},"
                        + "\"node\":{\"uid\":\"u1\"");
    }

    @Test
    void decode_optionalFields() throws Exception {
        SnapshotEnvelope detailed = Snapshots.detailed("u1", 7);

        assertThat(decode(codec.encode(detailed))).isEqualTo(detailed);
        assertThat(fromHash(codec.toHash(detailed), 1)).isEqualTo(detailed);
    }

    @Test
    void decode_incompleteOptionalObjects() throws Exception {
        SnapshotEnvelope full = Snapshots.detailed("u1", 7);
        SnapshotEnvelope partly = SnapshotEnvelope.builder(full.snapshot())
                .seq(7)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(full.status())
                .detail(new WindowDetail(null, Snapshots.histogram("client"), Snapshots.sketch("users"), null))
                .build();

        assertThat(decode(codec.encode(partly))).isEqualTo(partly);
        assertThat(fromHash(codec.toHash(partly), 1)).isEqualTo(partly);
    }

    /** An invalid part, or one of a later version, is left out. The node and its other parts are kept. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "window_end_ms":1795368060000 | "window_end_ms":1          | window_end_ms: 1 (expected: >= window_start_ms
                    "window_start_ms":1795368000000 | "window_start_ms":"1"    | window_start_ms: "1" (expected: an integer)
                    "host":"host-1"            | "host":""                     | host: 0 characters (expected: 1 to 255)
                    "host":"host-1"            | "host":{"rack":1}             | host: {"rack":1} (expected: a string)
                    "publish_interval_ms":5000 | "publish_interval_ms":-1      | publish_interval_ms: -1 (expected: 0 to
                    "publish_interval_ms":5000 | "publish_interval_ms":0.5     | publish_interval_ms: 0.5 (expected: an integer)
                    "draining":1               | "draining":"soon"             | draining: "soon" (expected: an integer)
                    "draining":1               | "draining":true               | draining: true (expected: an integer)
                    "version":"6.2.0"          | "version":6                   | version: 6 (expected: a string)
                    "version":"6.2.0"          | "version":""                  | version: 0 characters (expected: 1 to 64)
                    "address":"https://host-1:8443/metrics" | "address":8443   | address: 8443 (expected: a string)
                    "address":"https://host-1:8443/metrics" | "address":"a"    | address: 'a' (expected: host:port, or a URL
                    "role":"007"               | "role":7                      | labels.role: 7 (expected: a string)
                    "role":"007"               | "role":{"of":["x"]}           | labels.role: {"of":["x"]} (expected: a string)
                    "role":"007"               | "ro-le":"007"                 | label: name 'ro-le' (expected: letters, digits
                    "role":"007"               | "role":""                     | labels.role: 0 characters (expected: 1 to 128)
                    "labels":{                 | "labels":7,"x":{              | labels: 7 (expected: an object)
                    "num_msg_queued":"bound"   | "NUM":"bound"                 | quality: name 'NUM' (expected: the name of a field
                    "quality":{                | "quality":["exact"],"x":{     | quality: ["exact"] (expected: an object)
                    "num_msg_published":101,   | ''                            | num_msg_published: missing (expected: an integer)
                    "time_api_sum":108         | "time_api_sum":-1             | totals.time_api_sum: -1 (expected: 0 to
                    "totals":{                 | "totals":[],"x":{             | totals: [] (expected: an object)
                    "time_api":"YXBp"          | "time_api":"YX p"             | histograms.time_api: character U+0020 at index 2 (expected: base64)
                    "time_api":"YXBp"          | "time_api":"Y=Bp"             | histograms.time_api: character U+003D at index 1 (expected: base64)
                    "time_api":"YXBp"          | "time_api":"YXBpY"            | histograms.time_api: 5 characters (expected: base64)
                    "time_api":"YXBp"          | "time_api":""                 | histograms.time_api: 0 characters (expected: 1 to 32768)
                    "users":"dXNlcnM"          | "users":null                  | users: null (expected: a string)
                    "users":"dXNlcnM"          | "users":{"hll":"AAAA"}        | users: {"hll":"AAAA"} (expected: a string)
                    "sketches":{               | "sketches":"x","y":{          | sketches: "x" (expected: an object)
                    """)
    void decode_invalidPart_isLeftOutAndReported(String good, String bad, String text) throws Exception {
        String valid = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8);
        String message = valid.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad));
        assertThat(message).isNotEqualTo(valid);
        List<MalformedSnapshotException> leftOut = new ArrayList<>();

        SnapshotEnvelope read = (SnapshotEnvelope) codec.decode(message.getBytes(UTF_8), leftOut::add);

        assertThat(leftOut).singleElement().satisfies(reported -> {
            assertThat(reported.reason()).isEqualTo(Reason.UNREADABLE_PART);
            assertThat(reported.getMessage()).contains(text);
        });
        assertThat(read.snapshot()).isEqualTo(Snapshots.detailed("u1", 7).snapshot());
        assertThat(differences(read, Snapshots.detailed("u1", 7))).hasSize(1);
    }

    /** Returns the names of the optional parts that differ between two beats. */
    private static List<String> differences(SnapshotEnvelope one, SnapshotEnvelope other) {
        Map<String, Function<SnapshotEnvelope, @Nullable Object>> parts = new TreeMap<>();
        parts.put("window", SnapshotEnvelope::window);
        parts.put("host", beat -> beat.status().host());
        parts.put("publish interval", beat -> beat.status().publishIntervalMillis());
        parts.put("draining", beat -> beat.status().draining());
        parts.put("version", beat -> beat.status().version());
        parts.put("address", beat -> beat.status().address());
        parts.put("labels", beat -> beat.status().labels());
        parts.put("quality", beat -> beat.status().quality());
        parts.put("totals", SnapshotEnvelope::totals);
        parts.put(
                "histograms",
                beat -> List.of("" + beat.detail().timeApi(), "" + beat.detail().timeClient()));
        parts.put(
                "sketches",
                beat -> List.of("" + beat.detail().users(), "" + beat.detail().channels()));
        return parts.entrySet().stream()
                .filter(part -> !Objects.equals(
                        part.getValue().apply(one), part.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void decode_invalidLabel_isLeftOut_othersAreKept() throws Exception {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"role\":\"007\"", "\"role\":[1],\"ro-le\":\"007\"");

        assertThat(((SnapshotEnvelope) decode(message.getBytes(UTF_8))).status().labels())
                .containsExactly(Map.entry("zone", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"estimated\"", "1", "{\"within\":0.1}", "null", "\"\""})
    void decode_unknownQuality_isNotExact(String mark) throws Exception {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"num_msg_queued\":\"bound\"", "\"num_msg_queued\":" + mark);

        assertThat(((SnapshotEnvelope) decode(message.getBytes(UTF_8)))
                        .status()
                        .quality()
                        .byWireName())
                .containsEntry("num_msg_queued", Quality.UNKNOWN)
                .containsEntry("bytes_client_in", Quality.UNAVAILABLE);
    }

    @Test
    void decode_allPartsInvalid_nodeHasNoOptionalParts() throws Exception {
        String message = snapshotMessage(new String(codec.encodeNode(Snapshots.snapshot("u1", "name-u1")), UTF_8))
                .replace(
                        "\"node\":",
                        "\"window_end_ms\":{},\"host\":[],\"publish_interval_ms\":{},\"draining\":{},\"version\":{},"
                                + "\"labels\":[],\"quality\":[],\"totals\":1,\"histograms\":1,\"sketches\":1,"
                                + "\"node\":");
        List<MalformedSnapshotException> leftOut = new ArrayList<>();

        assertThat(codec.decode(message.getBytes(UTF_8), leftOut::add))
                .isEqualTo(SnapshotEnvelope.builder(Snapshots.snapshot("u1", "name-u1"))
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .build());
        assertThat(leftOut).as("reported once per message").hasSize(1);
    }

    @Test
    void decode_tooManyLabelsOrQualityFlags() throws Exception {
        String labels = members(17, "l", "\"x\"");
        String marks = members(65, "num_", "\"close\"");
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"role\":\"007\",\"zone\":\"a\"", labels)
                .replace("\"bytes_client_in\":\"unavailable\",\"num_msg_queued\":\"bound\"", marks);

        NodeStatus status = ((SnapshotEnvelope) decode(message.getBytes(UTF_8))).status();

        assertThat(status.labels()).hasSize(16);
        assertThat(status.quality().byWireName()).hasSize(64);
    }

    private static String members(int count, String prefix, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> '"' + prefix + i + "\":" + value)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "quality", "totals", "histograms", "sketches"})
    void fromHash_invalidObject_isLeftOutAndReported(String field) throws Exception {
        for (String bad : List.of("", "7", "[]", "{", "{}{}", "x".repeat(1_000))) {
            Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.detailed("u1", 7)));
            hash.put(field, bad);
            List<MalformedSnapshotException> leftOut = new ArrayList<>();

            SnapshotEnvelope read = codec.fromHash(new MessagePack(PackedHash.of(hash)), 1_000, leftOut::add);

            assertThat(differences(read, Snapshots.detailed("u1", 7)))
                    .as("%s: %s", field, bad)
                    .containsExactly(field);
            assertThat(leftOut).singleElement().satisfies(reported -> {
                assertThat(reported.reason()).isEqualTo(Reason.UNREADABLE_PART);
                assertThat(reported.getMessage()).startsWith(field + ": ").hasSizeLessThan(200);
            });
        }
    }

    private Envelope decode(byte[] message) throws MalformedSnapshotException {
        return codec.decode(message, leftOut -> {});
    }

    private SnapshotEnvelope fromHash(Map<String, String> hash, long remainingMillis)
            throws MalformedSnapshotException {
        return codec.fromHash(new MessagePack(PackedHash.of(hash)), remainingMillis, leftOut -> {});
    }

    private static String snapshotMessage(String node) {
        return "{\"v\":1,\"type\":\"snapshot\",\"seq\":1,\"ttl_ms\":15000,\"metrics_interval\":60,\"node\":" + node
                + "}";
    }
}
