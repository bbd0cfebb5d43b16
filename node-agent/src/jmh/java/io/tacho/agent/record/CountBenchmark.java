// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import com.codahale.metrics.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to count one event, beside what one would pick instead. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CountBenchmark {

    private final StatsRecorder recorder = new IntervalRecorder();
    private final LongAdder adder = new LongAdder();
    private final AtomicLong atomic = new AtomicLong();
    private final Counter dropwizard = new Counter();
    private final io.micrometer.core.instrument.Counter micrometer = new SimpleMeterRegistry().counter("events");

    @Benchmark
    public void tacho() {
        recorder.messageSent();
    }

    @Benchmark
    public void longAdder() {
        adder.increment();
    }

    @Benchmark
    public void atomicLong() {
        atomic.incrementAndGet();
    }

    @Benchmark
    public void dropwizard() {
        dropwizard.inc();
    }

    @Benchmark
    public void micrometer() {
        micrometer.increment();
    }
}
