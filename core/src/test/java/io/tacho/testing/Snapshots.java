// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.StoredSnapshot;
import java.util.Map;

/** Test snapshots in which every field has a different value, so that swapped fields are detected. */
public final class Snapshots {

    public static final long TTL_MILLIS = 15_000;

    private Snapshots() {}

    public static NodeSnapshot snapshot(String uid, String name) {
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder(uid, name);
        long value = 3;
        for (Field field : Field.NUMBERS) {
            snapshot.set(field, value++);
        }
        return snapshot.set(Field.STARTED_AT, 1_795_367_843).build();
    }

    /** Returns a snapshot with these numbers and times of requests, and fixed values of other fields of an interval. */
    public static NodeSnapshot ofTimes(
            long apiRequests, long apiMean, long apiMax, long clientRequests, long clientMean, long clientMax) {
        return NodeSnapshot.builder("u", "n")
                .set(Field.NUM_MSG_PUBLISHED, 1)
                .set(Field.NUM_MSG_QUEUED, 2)
                .set(Field.NUM_MSG_SENT, 3)
                .set(Field.NUM_API_REQUESTS, apiRequests)
                .set(Field.NUM_CLIENT_REQUESTS, clientRequests)
                .set(Field.BYTES_CLIENT_IN, 4)
                .set(Field.BYTES_CLIENT_OUT, 5)
                .set(Field.TIME_API_MEAN, apiMean)
                .set(Field.TIME_CLIENT_MEAN, clientMean)
                .set(Field.TIME_API_MAX, apiMax)
                .set(Field.TIME_CLIENT_MAX, clientMax)
                .set(Field.MEMORY_SYS, 100)
                .set(Field.CPU_USAGE, 50)
                .build();
    }

    public static SnapshotEnvelope beat(String uid, long seq) {
        return beat(uid, "name-" + uid, seq, TTL_MILLIS);
    }

    public static SnapshotEnvelope beat(String uid, String name, long seq, long ttlMillis) {
        return SnapshotEnvelope.builder(snapshot(uid, name))
                .seq(seq)
                .ttlMillis(ttlMillis)
                .metricsIntervalSeconds(60)
                .window(new MetricsWindow(1_795_368_000_000L, 1_795_368_060_000L))
                .status(new NodeStatus("host-1", 5_000, false))
                .build();
    }

    /** A beat of an agent on {@code host-<writer>}. */
    public static SnapshotEnvelope beatOf(String writer, String uid, long seq, long intervalMillis) {
        return SnapshotEnvelope.builder(snapshot(uid, "name-" + uid))
                .seq(seq)
                .ttlMillis(TTL_MILLIS)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus("host-" + writer, intervalMillis, false).withWriter(writer))
                .build();
    }

    /** A beat with all optional parts. */
    public static SnapshotEnvelope detailed(String uid, long seq) {
        return SnapshotEnvelope.builder(snapshot(uid, "name-" + uid))
                .seq(seq)
                .ttlMillis(TTL_MILLIS)
                .metricsIntervalSeconds(60)
                .window(new MetricsWindow(1_795_368_000_000L, 1_795_368_060_000L))
                .status(new NodeStatus(
                        "host-1",
                        5_000,
                        true,
                        "6.2.0",
                        Map.of("zone", "a", "role", "007"),
                        QualityFlags.of(Map.of(
                                Field.NUM_MSG_QUEUED, Quality.BOUND, Field.BYTES_CLIENT_IN, Quality.UNAVAILABLE)),
                        "w-1",
                        "https://host-1:8443/metrics",
                        1_000,
                        "c-1"))
                .totals(new NodeTotals(101, 102, 103, 104, 105, 106, 107, 108, 109))
                .detail(new WindowDetail(histogram("api"), histogram("client"), sketch("users"), sketch("channels")))
                .build();
    }

    /** Returns arbitrary bytes; the codec does not decode them. */
    public static Encoded<DurationHistogram> histogram(String bytes) {
        return Encoded.histogram(bytes.getBytes(UTF_8));
    }

    /** Returns arbitrary bytes; the codec does not decode them. */
    public static Encoded<HyperLogLog> sketch(String bytes) {
        return Encoded.hyperLogLog(bytes.getBytes(UTF_8));
    }

    public static StoredSnapshot stored(String uid, long seq) {
        return stored(uid, "name-" + uid, seq);
    }

    public static StoredSnapshot stored(String uid, String name, long seq) {
        return new StoredSnapshot(beat(uid, name, seq, TTL_MILLIS), TTL_MILLIS);
    }

    public static LeaveEnvelope leave(String uid, long seq) {
        return new LeaveEnvelope(uid, seq);
    }
}
