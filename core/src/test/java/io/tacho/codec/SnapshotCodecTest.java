// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.model.Envelope;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.io.InputStream;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotCodecTest {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void encodeNode_isByteIdenticalToCentrifugoResponse() throws Exception {
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
    void encodeNode_numbersOfAnyLength() throws Exception {
        for (long power = 1; power < NodeSnapshot.MAX_VALUE; power *= 10) {
            for (long value : new long[] {power - 1, power, Math.min(2 * power + 3, NodeSnapshot.MAX_VALUE)}) {
                NodeSnapshot snapshot = Snapshots.snapshot("u1", "n").toBuilder()
                        .set(Field.NUM_GOROUTINE, value)
                        .set(Field.NUM_CLIENTS, value)
                        .set(Field.STARTED_AT, value)
                        .set(Field.NUM_CPU, 99)
                        .build();

                JsonNode entry = json.readTree(codec.encodeNode(snapshot));

                assertThat(entry.at("/num_goroutine").asLong()).isEqualTo(value);
                assertThat(entry.at("/num_clients").asLong()).isEqualTo(value);
                assertThat(entry.at("/started_at").asLong()).isEqualTo(value);
                assertThat(entry.at("/num_cpu").asLong()).isEqualTo(99);
                assertThat(entry).hasSize(22);
            }
        }
    }

    @Test
    void encodeNode_escapesLikeGo() {
        String name = "<ü&>\u2028\u2029\"\\/";

        assertThat(new String(codec.encodeNode(Snapshots.snapshot("u1", name)), UTF_8))
                .contains("\"name\":\"\\u003cü\\u0026\\u003e\\u2028\\u2029\\\"\\\\/\"");
    }

    @Test
    void encodeNode_supplementaryCharacters_areNotEscaped() {
        String name = "x".repeat(200) + "\uD83D\uDE00";

        assertThat(new String(codec.encodeNode(Snapshots.snapshot("u1", name)), UTF_8))
                .contains("x\uD83D\uDE00\"");
    }

    @Test
    void decode_unpairedSurrogate() {
        String valid = new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8);

        assertRejected(
                valid.replace("name-u1", "a\\ud800b").getBytes(UTF_8),
                Reason.BAD_FIELD,
                "name: half a surrogate pair at index 1");
    }

    @Test
    void decode_encodedSnapshot_roundTrips() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", 7);
        SnapshotEnvelope withoutWindow = SnapshotEnvelope.builder(beat.snapshot())
                .seq(8)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .build();
        SnapshotEnvelope draining = SnapshotEnvelope.builder(beat.snapshot())
                .seq(8)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus(null, 0, true))
                .build();
        LeaveEnvelope leave = new LeaveEnvelope("u1", 9);
        LeaveEnvelope ofWriter = new LeaveEnvelope("u1", 9, "w-1");
        SnapshotEnvelope written = Snapshots.beatOf("w-1", "u1", 8, 5_000);
        Conflict conflict = new Conflict("u\"1", 8, new Writer("w-1", "höst"), new Writer("w-2", null));

        assertThat(decode(codec.encode(ofWriter))).isEqualTo(ofWriter);
        assertThat(decode(codec.encode(written))).isEqualTo(written);
        assertThat(fromHash(codec.toHash(written), 1)).isEqualTo(written);
        assertThat(decode(codec.encode(conflict))).isEqualTo(conflict);
        assertThat(decode(codec.encode(beat))).isEqualTo(beat);
        assertThat(decode(codec.encode(withoutWindow))).isEqualTo(withoutWindow);
        assertThat(decode(codec.encode(draining))).isEqualTo(draining);
        assertThat(fromHash(codec.toHash(draining), 1)).isEqualTo(draining);
        assertThat(decode(codec.encode(leave))).isEqualTo(leave);
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
    void decode_invalidField_isRejected(String good, String bad, Reason reason, String text) {
        String valid = new String(codec.encode(Snapshots.beat("u1", 7)), UTF_8);
        String message = valid.replace(good, bad);
        assertThat(message).isNotEqualTo(valid);

        assertRejected(message.getBytes(UTF_8), reason, text);
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
        assertRejected(message.getBytes(UTF_8), Reason.NOT_JSON, "");
    }

    @Test
    void decode_truncatedAnywhere() {
        byte[] message = codec.encode(Snapshots.beat("u1", 7));
        for (int length = 0; length < message.length; length++) {
            byte[] truncated = java.util.Arrays.copyOf(message, length);
            assertRejected(truncated, Reason.NOT_JSON, "");
        }
    }

    @Test
    void decode_notUtf8() {
        byte[] message = codec.encode(Snapshots.beat("u1", 7));
        message[new String(message, UTF_8).indexOf("name-u1")] = (byte) 0xff;

        assertRejected(message, Reason.NOT_JSON, "");
    }

    @Test
    void decode_tooLarge() {
        assertRejected(new byte[SnapshotCodec.MAX_BYTES + 1], Reason.TOO_LARGE, "message of 262145 bytes");
    }

    @Test
    void decode_nestedTooDeep() {
        String message = "{\"v\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertRejected(message.getBytes(UTF_8), Reason.NOT_JSON, "");
    }

    @Test
    void decode_leaveWithoutUid() {
        String message = "{\"v\":1,\"type\":\"leave\",\"seq\":8,\"node\":{}}";

        assertRejected(message.getBytes(UTF_8), Reason.BAD_FIELD, "uid: missing (expected: a string)");
    }

    /** Any input results in an envelope or in a {@code MalformedSnapshotException}. */
    @Test
    void decode_randomlyMutatedMessage_returnsEnvelopeOrIsRejected() {
        Random random = new Random(22);
        byte[] valid = codec.encode(Snapshots.beat("u1", 7));
        int rejected = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = valid.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            }
            Throwable thrown = catchThrowable(() -> decode(garbled));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(MalformedSnapshotException.class);
                assertThat(thrown.getMessage()).isNotBlank().hasSizeLessThan(1_000);
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThan(10_000);
    }

    private Envelope decode(byte[] message) throws MalformedSnapshotException {
        return codec.decode(message, leftOut -> {});
    }

    private SnapshotEnvelope fromHash(Map<String, String> hash, long remainingMillis)
            throws MalformedSnapshotException {
        return codec.fromHash(new MessagePack(PackedHash.of(hash)), remainingMillis, leftOut -> {});
    }

    private void assertRejected(byte[] message, Reason reason, String text) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOfSatisfying(
                        MalformedSnapshotException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .hasMessageContaining(text);
    }

    private static String snapshotMessage(String node) {
        return "{\"v\":1,\"type\":\"snapshot\",\"seq\":1,\"ttl_ms\":15000,\"metrics_interval\":60,\"node\":" + node
                + "}";
    }

    @Test
    void membershipChange_isLastBeat_withEventAsType() throws Exception {
        SnapshotEnvelope beat = Snapshots.detailed("u1", 7);
        MembershipChange change = new MembershipChange(MembershipEvent.LOST, 5_000, beat);

        byte[] json = codec.encode(change);

        assertThat(json)
                .asString()
                .startsWith("{\"v\":1,\"type\":\"lost\",\"seq\":7,")
                .doesNotContain("histograms");
        assertThat(codec.decodeChange(json, 5_000)).isEqualTo(change);
        assertThat(change.beat()).isEqualTo(beat.withoutDetail());
    }

    @Test
    void membershipChange_ofEarlierVersion_hasOnlyNumbers() throws Exception {
        String node = new String(codec.encodeNode(Snapshots.snapshot("u1", "n1")), UTF_8);

        MembershipChange change = codec.decodeChange(
                ("{\"v\":1,\"type\":\"left\",\"seq\":7,\"node\":" + node + "}").getBytes(UTF_8), 5_000);

        assertThat(change.event()).isEqualTo(MembershipEvent.LEFT);
        assertThat(change.seq()).isEqualTo(7);
        assertThat(change.node()).isEqualTo(Snapshots.snapshot("u1", "n1"));
        assertThat(change.beat().status()).isEqualTo(NodeStatus.UNKNOWN);
        assertThat(change.beat().metricsIntervalSeconds()).isEqualTo(60);
    }
}
