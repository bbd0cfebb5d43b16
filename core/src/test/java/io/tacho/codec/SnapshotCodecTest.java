// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.testing.Snapshots;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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

class SnapshotCodecTest {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void encodeNode_isByteForByteWhatACentrifugoAnswers() throws Exception {
        String golden;
        try (InputStream in = getClass().getResourceAsStream("/seed-stats.json")) {
            golden = new String(in.readAllBytes(), UTF_8);
        }
        StringBuilder rebuilt = new StringBuilder("{\"data\":{\"nodes\":[");
        String separator = "";
        for (JsonNode node : json.readTree(golden).at("/data/nodes")) {
            byte[] message = snapshotMessage(node.toString()).getBytes(UTF_8);
            SnapshotEnvelope decoded = (SnapshotEnvelope) decode(message);
            rebuilt.append(separator).append(new String(codec.encodeNode(decoded.snapshot()), UTF_8));
            separator = ",";
        }
        rebuilt.append("],\"metrics_interval\":60}}");

        assertThat(rebuilt).hasToString(golden);
    }

    @Test
    void encode_snapshot() {
        assertThat(new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8))
                .isEqualTo("{\"v\":1,\"type\":\"snapshot\",\"seq\":7,\"ttl_ms\":15000,\"metrics_interval\":60,"
                        + "\"window_start_ms\":1795368000000,\"window_end_ms\":1795368060000,"
                        + "\"host\":\"host-1\",\"publish_interval_ms\":5000,"
                        + "\"node\":{\"uid\":\"u1\",\"name\":\"name-u1\",\"num_goroutine\":3,\"num_clients\":4,"
                        + "\"num_unique_clients\":5,\"num_channels\":6,\"started_at\":1795367843,\"gomaxprocs\":8,"
                        + "\"num_cpu\":9,\"num_msg_published\":10,\"num_msg_queued\":11,\"num_msg_sent\":12,"
                        + "\"num_api_requests\":13,\"num_client_requests\":14,\"bytes_client_in\":15,"
                        + "\"bytes_client_out\":16,\"time_api_mean\":17,\"time_client_mean\":18,"
                        + "\"time_api_max\":19,\"time_client_max\":20,\"memory_sys\":21,\"cpu_usage\":22}}");
    }

    @Test
    void encode_leave() {
        assertThat(new String(codec.encode(new LeaveEnvelope("u1", 8)), UTF_8))
                .isEqualTo("{\"v\":1,\"type\":\"leave\",\"seq\":8,\"node\":{\"uid\":\"u1\"}}");
    }

    @Test
    void encodeNode_escapesAsGoDoes() {
        String name = "<ü&>\u2028\u2029\"\\/";

        assertThat(new String(codec.encodeNode(Snapshots.snapshot("u1", name)), UTF_8))
                .contains("\"name\":\"\\u003cü\\u0026\\u003e\\u2028\\u2029\\\"\\\\/\"");
    }

    @Test
    void encodeNode_beyondTheBasicPlaneIsNotEscaped() {
        String name = "x".repeat(200) + "\uD83D\uDE00";

        assertThat(new String(codec.encodeNode(Snapshots.snapshot("u1", name)), UTF_8))
                .contains("x\uD83D\uDE00\"");
    }

    @Test
    void decode_halfASurrogatePair() {
        String valid = new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8);

        assertRefused(
                valid.replace("name-u1", "a\\ud800b").getBytes(UTF_8),
                Reason.BAD_FIELD,
                "name: half a surrogate pair at index 1");
    }

    @Test
    void decode_whatEncodeWrites() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", 7);
        SnapshotEnvelope withoutWindow = new SnapshotEnvelope(8, 15_000, 60, null, beat.snapshot());
        SnapshotEnvelope draining =
                new SnapshotEnvelope(8, 15_000, 60, null, new NodeStatus(null, 0, true), beat.snapshot());
        LeaveEnvelope leave = new LeaveEnvelope("u1", 9);

        assertThat(decode(codec.encode(beat))).isEqualTo(beat);
        assertThat(decode(codec.encode(withoutWindow))).isEqualTo(withoutWindow);
        assertThat(decode(codec.encode(draining))).isEqualTo(draining);
        assertThat(fromHash(codec.toHash(draining), 1)).isEqualTo(draining);
        assertThat(decode(codec.encode(leave))).isEqualTo(leave);
    }

    @Test
    void encode_optionalFields() {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8);

        assertThat(message)
                .startsWith("{\"v\":1,\"type\":\"snapshot\",\"seq\":7,\"ttl_ms\":15000,\"metrics_interval\":60,"
                        + "\"window_start_ms\":1795368000000,\"window_end_ms\":1795368060000,"
                        + "\"host\":\"host-1\",\"publish_interval_ms\":5000,\"draining\":1,\"version\":\"6.2.0\","
                        + "\"labels\":{\"role\":\"007\",\"zone\":\"a\"},"
                        + "\"quality\":{\"bytes_client_in\":\"unavailable\",\"num_msg_queued\":\"bound\"},"
                        + "\"totals\":{\"num_msg_published\":101,\"num_msg_queued\":102,\"num_msg_sent\":103,"
                        + "\"num_api_requests\":104,\"num_client_requests\":105,\"bytes_client_in\":106,"
                        + "\"bytes_client_out\":107,\"time_api_sum\":108,\"time_client_sum\":109},"
                        + "\"histograms\":{\"time_api\":\"YXBp\",\"time_client\":\"Y2xpZW50\"},"
                        + "\"sketches\":{\"users\":\"dXNlcnM=\",\"channels\":\"Y2hhbm5lbHM=\"},"
                        + "\"node\":{\"uid\":\"u1\"");
    }

    @Test
    void decode_optionalFields() throws Exception {
        SnapshotEnvelope detailed = Snapshots.detailed("u1", 7);

        assertThat(decode(codec.encode(detailed))).isEqualTo(detailed);
        assertThat(fromHash(codec.toHash(detailed), 1)).isEqualTo(detailed);
    }

    @Test
    void decode_eachOptionalObjectMayBePartOnly() throws Exception {
        SnapshotEnvelope full = Snapshots.detailed("u1", 7);
        SnapshotEnvelope partly = new SnapshotEnvelope(
                7,
                15_000,
                60,
                null,
                full.status(),
                full.snapshot(),
                null,
                new WindowDetail(null, "Y2xpZW50", "dXNlcnM=", null));

        assertThat(decode(codec.encode(partly))).isEqualTo(partly);
        assertThat(fromHash(codec.toHash(partly), 1)).isEqualTo(partly);
    }

    /** A part that is wrong or of tomorrow is not there; the node, and all else it says, is. */
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
                    "role":"007"               | "role":7                      | labels.role: 7 (expected: a string)
                    "role":"007"               | "role":{"of":["x"]}           | labels.role: {"of":["x"]} (expected: a string)
                    "role":"007"               | "ro-le":"007"                 | label: name 'ro-le' (expected: [a-zA-Z_]
                    "role":"007"               | "role":""                     | labels.role: 0 characters (expected: 1 to 128)
                    "labels":{                 | "labels":7,"x":{              | labels: 7 (expected: an object)
                    "num_msg_queued":"bound"   | "NUM":"bound"                 | quality: name 'NUM' (expected: [a-z]
                    "quality":{                | "quality":["exact"],"x":{     | quality: ["exact"] (expected: an object)
                    "num_msg_published":101,   | ''                            | num_msg_published: missing (expected: an integer)
                    "time_api_sum":108         | "time_api_sum":-1             | totals.time_api_sum: -1 (expected: 0 to
                    "totals":{                 | "totals":[],"x":{             | totals: [] (expected: an object)
                    "time_api":"YXBp"          | "time_api":"YX p"             | histograms.time_api: character U+0020 at index 2 (expected: base64)
                    "time_api":"YXBp"          | "time_api":"Y=Bp"             | histograms.time_api: character U+003D at index 1 (expected: base64)
                    "time_api":"YXBp"          | "time_api":""                 | histograms.time_api: 0 characters (expected: 1 to 32768)
                    "users":"dXNlcnM="         | "users":null                  | users: null (expected: a string)
                    "users":"dXNlcnM="         | "users":{"hll":"AAAA"}        | users: {"hll":"AAAA"} (expected: a string)
                    "sketches":{               | "sketches":"x","y":{          | sketches: "x" (expected: an object)
                    """)
    void decode_unreadablePartIsLeftOutAndTold(String good, String bad, String says) throws Exception {
        String valid = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8);
        String message = valid.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad));
        assertThat(message).isNotEqualTo(valid);
        List<MalformedSnapshotException> leftOut = new ArrayList<>();

        SnapshotEnvelope read = (SnapshotEnvelope) codec.decode(message.getBytes(UTF_8), leftOut::add);

        assertThat(leftOut).singleElement().satisfies(told -> {
            assertThat(told.reason()).isEqualTo(Reason.UNREADABLE_PART);
            assertThat(told.getMessage()).contains(says);
        });
        assertThat(read.snapshot()).isEqualTo(Snapshots.detailed("u1", 7).snapshot());
        assertThat(differences(read, Snapshots.detailed("u1", 7))).hasSize(1);
    }

    /** The optional parts in which two beats are not the same. */
    private static List<String> differences(SnapshotEnvelope one, SnapshotEnvelope other) {
        Map<String, Function<SnapshotEnvelope, @Nullable Object>> parts = Map.of(
                "window", SnapshotEnvelope::window,
                "host", beat -> beat.status().host(),
                "publish interval", beat -> beat.status().publishIntervalMillis(),
                "draining", beat -> beat.status().draining(),
                "version", beat -> beat.status().version(),
                "labels", beat -> beat.status().labels(),
                "quality", beat -> beat.status().quality(),
                "totals", SnapshotEnvelope::totals,
                "histograms",
                        beat -> List.of(
                                "" + beat.detail().timeApi(), "" + beat.detail().timeClient()),
                "sketches",
                        beat -> List.of(
                                "" + beat.detail().users(), "" + beat.detail().channels()));
        return parts.entrySet().stream()
                .filter(part -> !Objects.equals(
                        part.getValue().apply(one), part.getValue().apply(other)))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void decode_unreadableLabelLeavesTheOthers() throws Exception {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"role\":\"007\"", "\"role\":[1],\"ro-le\":\"007\"");

        assertThat(((SnapshotEnvelope) decode(message.getBytes(UTF_8))).status().labels())
                .containsExactly(Map.entry("zone", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"estimated\"", "1", "{\"within\":0.1}", "null", "\"\""})
    void decode_unknownQualityIsLessThanExact(String mark) throws Exception {
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"num_msg_queued\":\"bound\"", "\"num_msg_queued\":" + mark);

        assertThat(((SnapshotEnvelope) decode(message.getBytes(UTF_8))).status().quality())
                .containsEntry("num_msg_queued", Quality.UNKNOWN)
                .containsEntry("bytes_client_in", Quality.UNAVAILABLE);
    }

    @Test
    void decode_everyPartUnreadableIsANodeThatTellsNothing() throws Exception {
        String message = snapshotMessage(new String(codec.encodeNode(Snapshots.snapshot("u1", "name-u1")), UTF_8))
                .replace(
                        "\"node\":",
                        "\"window_end_ms\":{},\"host\":[],\"publish_interval_ms\":{},\"draining\":{},\"version\":{},"
                                + "\"labels\":[],\"quality\":[],\"totals\":1,\"histograms\":1,\"sketches\":1,"
                                + "\"node\":");
        List<MalformedSnapshotException> leftOut = new ArrayList<>();

        assertThat(codec.decode(message.getBytes(UTF_8), leftOut::add))
                .isEqualTo(new SnapshotEnvelope(1, 15_000, 60, null, Snapshots.snapshot("u1", "name-u1")));
        assertThat(leftOut).as("told once a message").hasSize(1);
    }

    @Test
    void decode_tooManyLabelsOrMarks() throws Exception {
        String labels = members(17, "l", "\"x\"");
        String marks = members(65, "num_", "\"close\"");
        String message = new String(codec.encode(Snapshots.detailed("u1", 7)), UTF_8)
                .replace("\"role\":\"007\",\"zone\":\"a\"", labels)
                .replace("\"bytes_client_in\":\"unavailable\",\"num_msg_queued\":\"bound\"", marks);

        NodeStatus status = ((SnapshotEnvelope) decode(message.getBytes(UTF_8))).status();

        assertThat(status.labels()).hasSize(16);
        assertThat(status.quality()).hasSize(64);
    }

    private static String members(int count, String prefix, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> '"' + prefix + i + "\":" + value)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "quality", "totals", "histograms", "sketches"})
    void fromHash_unreadableObjectIsLeftOutAndTold(String field) throws Exception {
        for (String bad : List.of("", "7", "[]", "{", "{}{}", "x".repeat(1_000))) {
            Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.detailed("u1", 7)));
            hash.put(field, bad);
            List<MalformedSnapshotException> leftOut = new ArrayList<>();

            SnapshotEnvelope read = codec.fromHash(hash, 1_000, leftOut::add);

            assertThat(differences(read, Snapshots.detailed("u1", 7)))
                    .as("%s: %s", field, bad)
                    .containsExactly(field);
            assertThat(leftOut).singleElement().satisfies(told -> {
                assertThat(told.reason()).isEqualTo(Reason.UNREADABLE_PART);
                assertThat(told.getMessage()).startsWith(field + ": ").hasSizeLessThan(200);
            });
        }
    }

    @Test
    void decode_unknownFieldsAreIgnored() throws Exception {
        String message = new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8)
                .replace("{\"v\":1,", "{\"later\":{\"a\":[1,2]},\"v\":1,")
                .replace("\"uid\":", "\"more\":null,\"uid\":");

        assertThat(decode(message.getBytes(UTF_8))).isEqualTo(Snapshots.beat("u1", 7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "v":1                   | "v":2                      | UNSUPPORTED_VERSION | v: 2 (expected: <= 1)
                    "v":1                   | "v":0                      | BAD_FIELD | v: 0 (expected: >= 1)
                    "v":1                   | "v":"1"                    | BAD_FIELD | v: "1" (expected: an integer)
                    "v":1,                  | ''                         | BAD_FIELD | v: missing (expected: an integer)
                    "type":"snapshot"       | "type":"ping"              | UNKNOWN_TYPE | type: "ping"
                    "type":"snapshot",      | ''                         | UNKNOWN_TYPE | type: missing
                    "seq":7                 | "seq":0                    | BAD_FIELD | seq: 0 (expected: 1 to
                    "seq":7                 | "seq":7.5                  | BAD_FIELD | seq: 7.5 (expected: an integer)
                    "seq":7                 | "seq":99999999999999999999 | BAD_FIELD | seq: 99999999999999999999
                    "ttl_ms":15000          | "ttl_ms":0                 | BAD_FIELD | ttl_ms: 0 (expected: 1 to 86400000)
                    "ttl_ms":15000          | "ttl_ms":86400001          | BAD_FIELD | ttl_ms: 86400001
                    "ttl_ms":15000,         | ''                         | BAD_FIELD | ttl_ms: missing
                    "metrics_interval":60   | "metrics_interval":-1      | BAD_FIELD | metrics_interval: -1
                    "num_clients":4         | "num_clients":-4           | BAD_FIELD | num_clients: -4 (expected: 0 to
                    "num_clients":4         | "num_clients":"4"          | BAD_FIELD | num_clients: "4" (expected: an integer)
                    "num_clients":4         | "num_clients":4.0          | BAD_FIELD | num_clients: 4.0 (expected: an integer)
                    "num_clients":4         | "num_clients":null         | BAD_FIELD | num_clients: null (expected: an integer)
                    "num_clients":4         | "num_clients":[4]          | BAD_FIELD | num_clients: [4] (expected: an integer)
                    "num_clients":4         | "num_clients":true         | BAD_FIELD | num_clients: true (expected: an integer)
                    "num_clients":4         | "num_clients":9007199254740992 | BAD_FIELD | num_clients: 9007199254740992
                    "num_clients":4         | "num_clients":9223372036854775808 | BAD_FIELD | num_clients: 9223372036854775808 (expected: an integer)
                    "num_clients":4,        | ''                         | BAD_FIELD | num_clients: missing
                    "cpu_usage":22          | "cpu_usage":-1             | BAD_FIELD | cpu_usage: -1
                    ,"cpu_usage":22         | ''                         | BAD_FIELD | cpu_usage
                    "uid":"u1",             | ''                         | BAD_FIELD | uid
                    "uid":"u1"              | "uid":""                   | BAD_FIELD | uid: 0 characters
                    "uid":"u1"              | "uid":"u 1"                | BAD_FIELD | uid: character U+0020 at index 1
                    "uid":"u1"              | "uid":"ü"                  | BAD_FIELD | uid: character U+00FC
                    "uid":"u1"              | "uid":7                    | BAD_FIELD | uid: 7 (expected: a string)
                    "name":"name-u1"        | "name":"a\\u0007"          | BAD_FIELD | name: control character U+0007
                    "name":"name-u1"        | "name":null                | BAD_FIELD | name
                    "node":{                | "node":7,"x":{             | BAD_FIELD | node: 7 (expected: an object)
                    """)
    void decode_badField(String good, String bad, Reason reason, String says) {
        String valid = new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8);
        String message = valid.replace(good, bad);
        assertThat(message).isNotEqualTo(valid);

        assertRefused(message.getBytes(UTF_8), reason, says);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "[]",
                "\"x\"",
                "{",
                "}",
                "{}{}",
                "{\"v\":1,\"v\":1}",
                "{'v':1}",
                "{\"v\":NaN}",
                "{\"v\":1}x",
                "ping"
            })
    void decode_notAnObject(String message) {
        assertRefused(message.getBytes(UTF_8), Reason.NOT_JSON, "");
    }

    @Test
    void decode_truncatedAnywhere() {
        byte[] message = codec.encode(Snapshots.beat("u1", 7));
        for (int length = 0; length < message.length; length++) {
            byte[] truncated = java.util.Arrays.copyOf(message, length);
            assertRefused(truncated, Reason.NOT_JSON, "");
        }
    }

    @Test
    void decode_notUtf8() {
        byte[] message = codec.encode(Snapshots.beat("u1", 7));
        message[new String(message, UTF_8).indexOf("name-u1")] = (byte) 0xff;

        assertRefused(message, Reason.NOT_JSON, "");
    }

    @Test
    void decode_tooLarge() {
        assertRefused(new byte[SnapshotCodec.MAX_BYTES + 1], Reason.TOO_LARGE, "message of 262145 bytes");
    }

    @Test
    void decode_nestedTooDeep() {
        String message = "{\"v\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertRefused(message.getBytes(UTF_8), Reason.NOT_JSON, "");
    }

    @Test
    void decode_leaveWithoutUid() {
        String message = "{\"v\":1,\"type\":\"leave\",\"seq\":8,\"node\":{}}";

        assertRefused(message.getBytes(UTF_8), Reason.BAD_FIELD, "uid: missing (expected: a string)");
    }

    /** Whatever arrives, there is an envelope or a refusal, and nothing else. */
    @Test
    void decode_garbledAtRandom() {
        Random random = new Random(22);
        byte[] valid = codec.encode(Snapshots.beat("u1", 7));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = valid.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            }
            Throwable thrown = catchThrowable(() -> decode(garbled));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(MalformedSnapshotException.class);
                assertThat(thrown.getMessage()).isNotBlank().hasSizeLessThan(1_000);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void toHash_hasThe22FieldsUnderTheirOwnNames() {
        Map<String, String> hash = codec.toHash(Snapshots.beat("u1", 7));

        Iterator<String> keys = hash.keySet().iterator();
        for (String wire : WIRE_NAMES) {
            assertThat(keys.next()).isEqualTo(wire);
        }
        assertThat(hash)
                .containsEntry("uid", "u1")
                .containsEntry("num_goroutine", "3")
                .containsEntry("cpu_usage", "22")
                .containsEntry("v", "1")
                .containsEntry("seq", "7")
                .containsEntry("metrics_interval", "60");
    }

    @Test
    void fromHash_whatToHashWrites() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", "007", 7, 15_000);

        assertThat(fromHash(codec.toHash(beat), 99)).isEqualTo(beat);
    }

    @Test
    void fromHash_withoutTtlTakesWhatRemains() throws Exception {
        Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
        hash.remove("ttl_ms");
        hash.remove("window_start_ms");
        hash.remove("window_end_ms");
        hash.remove("host");
        hash.remove("publish_interval_ms");
        hash.put("later", "anything");

        SnapshotEnvelope read = fromHash(hash, 1_234);

        assertThat(read.ttlMillis()).isEqualTo(1_234);
        assertThat(read.window()).isNull();
        assertThat(read.status()).isEqualTo(NodeStatus.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 4", "4.0", "+4", "0x4", "04", "1e3", "-1", "NaN", "9223372036854775808"})
    void fromHash_badInteger(String value) {
        Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
        hash.put("num_clients", value);

        assertThatThrownBy(() -> fromHash(hash, 1_000))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessageContaining("num_clients");
    }

    @Test
    void fromHash_eachFieldIsRequired() {
        for (String field : WIRE_NAMES) {
            Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
            hash.remove(field);

            assertThatThrownBy(() -> fromHash(hash, 1_000))
                    .isInstanceOf(MalformedSnapshotException.class)
                    .hasMessageContaining(field);
        }
    }

    @Test
    void fromHash_tooLarge() {
        Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
        hash.put("blob", "x".repeat(SnapshotCodec.MAX_BYTES));

        assertThatThrownBy(() -> fromHash(hash, 1_000))
                .isInstanceOfSatisfying(
                        MalformedSnapshotException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    private Envelope decode(byte[] message) throws MalformedSnapshotException {
        return codec.decode(message, leftOut -> {});
    }

    private SnapshotEnvelope fromHash(Map<String, String> hash, long remainingMillis)
            throws MalformedSnapshotException {
        return codec.fromHash(hash, remainingMillis, leftOut -> {});
    }

    private void assertRefused(byte[] message, Reason reason, String says) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOfSatisfying(
                        MalformedSnapshotException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .hasMessageContaining(says);
    }

    private static String snapshotMessage(String node) {
        return "{\"v\":1,\"type\":\"snapshot\",\"seq\":1,\"ttl_ms\":15000,\"metrics_interval\":60,\"node\":" + node
                + "}";
    }

    private static final String[] WIRE_NAMES = {
        "uid",
        "name",
        "num_goroutine",
        "num_clients",
        "num_unique_clients",
        "num_channels",
        "started_at",
        "gomaxprocs",
        "num_cpu",
        "num_msg_published",
        "num_msg_queued",
        "num_msg_sent",
        "num_api_requests",
        "num_client_requests",
        "bytes_client_in",
        "bytes_client_out",
        "time_api_mean",
        "time_client_mean",
        "time_api_max",
        "time_client_max",
        "memory_sys",
        "cpu_usage"
    };
}
