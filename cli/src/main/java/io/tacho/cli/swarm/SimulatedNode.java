// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One node of the swarm: its name, uid and seq are as real as any; its numbers are made up. They follow from the node's
 * place and the time alone: gauges ride a slow wave about a size of the node's own, counters stay the same for a whole
 * window and are those of the last one.
 *
 * <p>Thread safety: the swarm's thread only, but for {@link #underWay}.
 */
final class SimulatedNode {

    static final long WINDOW_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private static final double WAVE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final int place;
    private final String uid = UUID.randomUUID().toString();
    private final String name;
    private final long startedAtSeconds;
    private final SimulatedDetail detail;
    private long seq;

    /** The uploads of its windows. */
    final SimulatedUploads uploads;

    /** True while the last beat is not acknowledged. */
    volatile boolean underWay;

    /**
     * A node that has not beaten yet.
     *
     * @param place 0 for the first
     * @param detail the histograms and sketches that it ships
     */
    SimulatedNode(int place, long nowMillis, SimulatedDetail detail) {
        this.place = place;
        this.detail = detail;
        name = String.format(Locale.ROOT, "swarm-%06d", place + 1);
        startedAtSeconds = TimeUnit.MILLISECONDS.toSeconds(nowMillis);
        seq = nowMillis;
        uploads = new SimulatedUploads(nowMillis);
    }

    SnapshotEnvelope nextBeat(long nowMillis, long ttlMillis) {
        long windowEnd = nowMillis - Math.floorMod(nowMillis, WINDOW_MILLIS);
        long clients = clients(nowMillis);
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder(uid, name)
                .set(Field.NUM_GOROUTINE, 20 + random(nowMillis / 1_000, 5))
                .set(Field.NUM_CLIENTS, clients)
                .set(Field.NUM_UNIQUE_CLIENTS, clients * 9 / 10)
                .set(Field.NUM_CHANNELS, 10 + clients / 4)
                .set(Field.STARTED_AT, startedAtSeconds)
                .set(Field.GOMAXPROCS, 4)
                .set(Field.NUM_CPU, 8);
        setMetrics(snapshot, clients(windowEnd), windowEnd);
        return SnapshotEnvelope.builder(snapshot.build())
                .seq(++seq)
                .ttlMillis(ttlMillis)
                .metricsIntervalSeconds(TimeUnit.MILLISECONDS.toSeconds(WINDOW_MILLIS))
                .window(new MetricsWindow(windowEnd - WINDOW_MILLIS, windowEnd))
                .detail(detail.of(place, windowEnd / WINDOW_MILLIS))
                .build();
    }

    LeaveEnvelope leave() {
        return new LeaveEnvelope(uid, ++seq);
    }

    private void setMetrics(NodeSnapshot.Builder snapshot, long clients, long windowEnd) {
        long published = clients * 3 + random(windowEnd + 1, 100);
        long sent = published * 12 + random(windowEnd + 2, 500);
        long apiRequests = published / 4;
        long clientRequests = clients * 5 + random(windowEnd + 3, 200);
        long apiMean = 200_000 + random(windowEnd + 4, 100_000);
        long clientMean = 60_000 + random(windowEnd + 5, 40_000);
        snapshot.set(Field.NUM_MSG_PUBLISHED, published)
                .set(Field.NUM_MSG_QUEUED, sent + random(windowEnd + 6, 10))
                .set(Field.NUM_MSG_SENT, sent)
                .set(Field.NUM_API_REQUESTS, apiRequests)
                .set(Field.NUM_CLIENT_REQUESTS, clientRequests)
                .set(Field.BYTES_CLIENT_IN, clientRequests * 110)
                .set(Field.BYTES_CLIENT_OUT, sent * 180)
                .set(Field.TIME_API_MEAN, apiMean)
                .set(Field.TIME_CLIENT_MEAN, clientMean)
                .set(Field.TIME_API_MAX, apiMean * 4 + random(windowEnd + 7, 2_000_000))
                .set(Field.TIME_CLIENT_MAX, clientMean * 4 + random(windowEnd + 8, 2_000_000))
                .set(Field.MEMORY_SYS, 60_000_000 + clients * 24_000)
                .set(Field.CPU_USAGE, clients / 25);
    }

    private long clients(long atMillis) {
        long size = 200 + random(0, 1_800);
        double wave = Math.sin(2 * Math.PI * (atMillis / WAVE_MILLIS + random(1, 1_000) / 1_000.0));
        return Math.round(size * (1 + 0.2 * wave)) + random(atMillis / 1_000, 5);
    }

    /** Returns a number from 0 to below the bound, always the same for this place and salt. */
    private long random(long salt, int bound) {
        long mixed = place * 0x9E3779B97F4A7C15L + salt * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return Math.floorMod(mixed ^ (mixed >>> 31), (long) bound);
    }
}
