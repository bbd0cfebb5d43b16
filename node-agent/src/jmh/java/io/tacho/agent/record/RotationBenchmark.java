// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long single recordings take while windows are taken, a thousand a second, and while none are. What the machine does to
 * both is in both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
public class RotationBenchmark {

    @Param({"false", "true"})
    public boolean rotating;

    private final IntervalRecorder recorder = new IntervalRecorder();
    private Thread rotator;
    private volatile boolean stopped;

    @Setup
    public void start() {
        rotator = new Thread(() -> {
            while (!stopped) {
                LockSupport.parkNanos(1_000_000);
                if (rotating) {
                    recorder.takeInterval();
                }
            }
        });
        rotator.start();
    }

    @TearDown
    public void stop() throws InterruptedException {
        stopped = true;
        rotator.join();
    }

    @Benchmark
    public void record(DurationBenchmark.Durations durations) {
        recorder.clientRequest(durations.next());
    }
}
