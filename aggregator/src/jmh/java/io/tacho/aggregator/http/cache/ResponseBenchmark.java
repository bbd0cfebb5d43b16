// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.Snapshots;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The body of {@code /stats}: rebuilt after some nodes have changed, and found unchanged. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
public class ResponseBenchmark {

    @Param({"10", "1000", "10000"})
    public int nodes;

    @Param({"1", "50"})
    public int changed;

    private ClusterView view;
    private CachedBody body;
    private SnapshotEnvelope[] beats;
    private long seq = 1_795_368_000_000L;
    private long nanos;
    private int next;

    @Setup
    public void load() {
        view = new ClusterView(new SnapshotCodec(), System::nanoTime, nodes);
        beats = new SnapshotEnvelope[nodes];
        for (int i = 0; i < nodes; i++) {
            beats[i] = Snapshots.beat(String.format("00000000-0000-4000-8000-%012d", i), seq);
            view.onLoaded(Snapshots.stored(beats[i].uid(), seq));
        }
        // each reading of the clock is a second later, so that no body is fresh for a while
        body = new CachedBody(new StatsResponse(view), null, new RetainedBodyBudget(System::nanoTime), Runnable::run, () -> nanos += 1_000_000_000);
    }

    @Benchmark
    public int rebuilt() {
        for (int i = 0; i < changed; i++) {
            SnapshotEnvelope old = beats[next];
            next = (next + 1) % nodes;
            view.onBeat(SnapshotEnvelope.builder(old.snapshot()).seq(++seq).ttlMillis(old.ttlMillis()).metricsIntervalSeconds(old.metricsIntervalSeconds()).window(old.window()).build());
        }
        return acquired();
    }

    @Benchmark
    public int unchanged() {
        return acquired();
    }

    private int acquired() {
        Lease lease = body.acquire();
        int length = lease.body().readableBytes();
        lease.body().release();
        return length;
    }
}
