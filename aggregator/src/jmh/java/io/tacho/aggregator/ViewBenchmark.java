// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
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

/** A view of many nodes: news of one of them, and the list for a response after it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
public class ViewBenchmark {

    @Param({"100", "10000"})
    public int nodes;

    private ClusterView view;
    private SnapshotEnvelope[] beats;
    private long seq = 1_795_368_000_000L;
    private int next;

    @Setup
    public void load() {
        view = new ClusterView(new SnapshotCodec(), System::nanoTime, nodes);
        beats = new SnapshotEnvelope[nodes];
        for (int i = 0; i < nodes; i++) {
            beats[i] = Snapshots.beat(String.format("00000000-0000-4000-8000-%012d", i), seq);
            view.onLoaded(Snapshots.stored(beats[i].uid(), seq));
        }
    }

    private SnapshotEnvelope nextBeat() {
        if (next == nodes) {
            next = 0;
        }
        SnapshotEnvelope old = beats[next];
        SnapshotEnvelope beat = SnapshotEnvelope.builder(old.snapshot()).seq(++seq).ttlMillis(old.ttlMillis()).metricsIntervalSeconds(old.metricsIntervalSeconds()).window(old.window()).build();
        beats[next++] = beat;
        return beat;
    }

    @Benchmark
    public BeatEffect update() {
        return view.onBeat(nextBeat());
    }

    /** The list is made anew each time. */
    @Benchmark
    public NodeList updateAndList() {
        view.onBeat(nextBeat());
        return view.nodeList();
    }

    /** Nothing has changed. */
    @Benchmark
    public NodeList listed() {
        return view.nodeList();
    }
}
