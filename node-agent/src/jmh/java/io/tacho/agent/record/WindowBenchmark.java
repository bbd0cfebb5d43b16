// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to take a window of a recorder in which every stripe was written to. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class WindowBenchmark {

    /** Durations from 10 µs to 1 ms, or from 1 ns to over a minute: all buckets of all stripes. */
    @Param({"usual", "widest"})
    public String spread;

    private final IntervalRecorder recorder = new IntervalRecorder();
    private ExecutorService writers;

    @Setup
    public void start() {
        writers = Executors.newFixedThreadPool(Stripes.COUNT);
    }

    @TearDown
    public void stop() {
        writers.shutdown();
    }

    @Setup(Level.Invocation)
    public void write() throws Exception {
        Future<?>[] written = new Future<?>[Stripes.COUNT];
        for (int i = 0; i < written.length; i++) {
            written[i] = writers.submit(spread.equals("usual") ? this::writeUsual : this::writeWidest);
        }
        for (Future<?> future : written) {
            future.get();
        }
    }

    private void writeUsual() {
        for (int i = 0; i < 1_000; i++) {
            recorder.clientRequest(10_000 + i * 990L);
            recorder.apiRequest(10_000 + i * 990L);
        }
    }

    private void writeWidest() {
        for (long nanos = 1; nanos < 1L << 37; nanos += 1 + nanos / 64) {
            recorder.clientRequest(nanos);
            recorder.apiRequest(nanos);
        }
    }

    @Benchmark
    public RecordedInterval takeInterval() {
        return recorder.takeInterval();
    }
}
