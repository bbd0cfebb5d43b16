// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Field;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the Redis hash of a node entry. */
class SnapshotHashTest {

    private final SnapshotCodec codec = new SnapshotCodec();

    @Test
    void toHash_has22FieldsByWireName() {
        Map<String, String> hash = codec.toHash(Snapshots.beat("u1", 7));

        Iterator<String> keys = hash.keySet().iterator();
        for (String wireName : WIRE_NAMES) {
            assertThat(keys.next()).isEqualTo(wireName);
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
    void fromHash_encodedHash_roundTrips() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", "007", 7, 15_000);

        assertThat(fromHash(codec.toHash(beat), 99)).isEqualTo(beat);
    }

    @Test
    void fromHash_withoutTtlField_usesRemainingTtl() throws Exception {
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
    void fromHash_invalidInteger_isRejected(String value) {
        Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
        hash.put("num_clients", value);

        assertThatThrownBy(() -> fromHash(hash, 1_000))
                .isInstanceOf(MalformedSnapshotException.class)
                .hasMessageContaining("num_clients");
    }

    @Test
    void fromHash_missingField_isRejected() {
        for (String field : WIRE_NAMES) {
            Map<String, String> hash = new HashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
            hash.remove(field);

            assertThatThrownBy(() -> fromHash(hash, 1_000))
                    .isInstanceOf(MalformedSnapshotException.class)
                    .hasMessageContaining(field);
        }
    }

    /** Redis returns a hash with a long value or many fields in any order. */
    @Test
    void fromHash_fieldsInAnyOrder() throws Exception {
        SnapshotEnvelope beat = Snapshots.detailed("u1", 7);
        List<String> names = new ArrayList<>(codec.toHash(beat).keySet());
        Random random = new Random(1);

        for (int i = 0; i < 20; i++) {
            Collections.shuffle(names, random);
            Map<String, String> shuffled = new LinkedHashMap<>();
            names.forEach(name -> shuffled.put(name, codec.toHash(beat).get(name)));

            assertThat(fromHash(shuffled, 1)).isEqualTo(beat);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 9_007_199_254_740_991L})
    void fromHash_integerOfAnyLength(long value) throws Exception {
        Map<String, String> hash = new LinkedHashMap<>(codec.toHash(Snapshots.beat("u1", 7)));
        hash.put("bytes_client_in", Long.toString(value));

        assertThat(fromHash(hash, 1).snapshot().number(Field.BYTES_CLIENT_IN)).isEqualTo(value);
    }

    @Test
    void fromHash_invalidUtf8_isLeftOut() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", 7);
        byte[] hash = PackedHash.of(codec.toHash(beat));
        int host = new String(hash, ISO_8859_1).indexOf("host");
        int value = host + "host".length() + 1;
        hash[value] = (byte) 0xff;

        SnapshotEnvelope read = codec.fromHash(new MessagePack(hash), 1, leftOut -> {});

        assertThat(beat.status().host()).isNotNull();
        assertThat(read.status().host()).isNull();
        assertThat(read.snapshot()).isEqualTo(beat.snapshot());
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

    private SnapshotEnvelope fromHash(Map<String, String> hash, long remainingMillis)
            throws MalformedSnapshotException {
        return codec.fromHash(new MessagePack(PackedHash.of(hash)), remainingMillis, leftOut -> {});
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
