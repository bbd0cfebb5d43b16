// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import com.codahale.metrics.Timer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Recorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to record one duration, beside what one would pick instead. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class DurationBenchmark {

    /** Durations as a busy server has them: around 100 µs, seldom below 10 µs or above 1 ms. */
    @State(Scope.Thread)
    public static class Durations {

        private final long[] nanos = new Random(1)
                .doubles(4096)
                .mapToLong(share -> (long) (100_000 * Math.pow(share / (1 - share), 0.5)))
                .toArray();
        private int next;

        long next() {
            return nanos[next++ & 4095];
        }
    }

    private final StatsRecorder plain = new IntervalRecorder(false);
    private final StatsRecorder histogram = new IntervalRecorder(true);
    private final Recorder hdr = new Recorder(1, TimeUnit.SECONDS.toNanos(60), 2);
    private final Timer dropwizard = new Timer();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(
            key -> key.equals("simple.mode") ? CountingMode.CUMULATIVE.name() : null, Clock.SYSTEM);
    private final io.micrometer.core.instrument.Timer micrometer = registry.timer("plain");
    private final io.micrometer.core.instrument.Timer micrometerHistogram =
            io.micrometer.core.instrument.Timer.builder("histogram")
                    .publishPercentileHistogram()
                    .minimumExpectedValue(Duration.ofNanos(1_000))
                    .maximumExpectedValue(Duration.ofSeconds(60))
                    .register(registry);

    @Benchmark
    public void tacho(Durations durations) {
        plain.clientRequest(durations.next());
    }

    @Benchmark
    public void tachoHistogram(Durations durations) {
        histogram.clientRequest(durations.next());
    }

    @Benchmark
    public void hdrRecorder(Durations durations) {
        hdr.recordValue(durations.next());
    }

    @Benchmark
    public void dropwizard(Durations durations) {
        dropwizard.update(durations.next(), TimeUnit.NANOSECONDS);
    }

    @Benchmark
    public void micrometer(Durations durations) {
        micrometer.record(durations.next(), TimeUnit.NANOSECONDS);
    }

    @Benchmark
    public void micrometerHistogram(Durations durations) {
        micrometerHistogram.record(durations.next(), TimeUnit.NANOSECONDS);
    }

    /** What the choice of a duration costs, which all of the above bear too. */
    @Benchmark
    public long nothing(Durations durations) {
        return durations.next();
    }
}
