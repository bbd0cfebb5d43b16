// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.Measurement.Better;
import io.tacho.cli.bench.program.ProcessUsage;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The start time of the programs on an empty Redis, and their memory when idle. */
final class StartPhase implements BenchPhase {

    /** A namespace without nodes. */
    private static final String AGGREGATORS = "bench-start";

    private static final String AGENTS = "bench-first-beat";
    private static final long IDLE_SECONDS = 7;
    private static final long FIRST_BEAT_SECONDS = 30;

    private final TestBed testBed;
    private final int runs;

    StartPhase(TestBed testBed, int runs) {
        this.testBed = testBed;
        this.runs = runs;
    }

    /** The time until {@code /-/ready} is 200, or until the first beat; memory resident some seconds later. */
    private record Start(double seconds, double megabytes) {}

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        if (runs > 1) {
            // the first of each reads the program from disk
            aggregator(false);
            agent(false);
        }
        List<Start> aggregators = new ArrayList<>();
        List<Start> agents = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            aggregators.add(aggregator(run == runs));
            agents.add(agent(run == runs));
        }
        return List.of(
                summary(
                        "aggregator: ready after %.2f s, idle with %.0f MB resident",
                        "aggregator", aggregators, results),
                summary("agent: first beat after %.2f s, idle with %.0f MB resident", "agent", agents, results));
    }

    private static String summary(String format, String program, List<Start> starts, Consumer<Measurement> results) {
        Measurement seconds = Measurement.of(
                "start of the " + program,
                "s",
                Better.LOWER,
                starts.stream().mapToDouble(Start::seconds).toArray());
        Measurement megabytes = Measurement.of(
                "resident memory of the idle " + program,
                "MB",
                Better.LOWER,
                starts.get(starts.size() - 1).megabytes());
        results.accept(seconds);
        results.accept(megabytes);
        return String.format(Locale.ROOT, format, seconds.median(), megabytes.median());
    }

    private Start aggregator(boolean idle) throws IOException, InterruptedException {
        ChildProcess process = testBed.aggregator(AGGREGATORS).process();
        return measured(process, process.age().toNanos() / 1e9, idle);
    }

    private Start agent(boolean idle) throws IOException, InterruptedException {
        try (RawSubscriber subscriber = new RawSubscriber(testBed.redisPort(), RawSubscriber.channel(AGENTS))) {
            ChildProcess process = testBed.agent(AGENTS);
            while (subscriber.received() == 0) {
                process.requireAlive();
                if (process.age().toNanos() / 1e9 > FIRST_BEAT_SECONDS) {
                    throw new IOException("agent: no beat in " + FIRST_BEAT_SECONDS + " s");
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return measured(process, process.age().toNanos() / 1e9, idle);
        }
    }

    private Start measured(ChildProcess process, double seconds, boolean idle)
            throws IOException, InterruptedException {
        if (idle) {
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        }
        Start start = new Start(seconds, ProcessUsage.residentMegabytes(process.pid()));
        testBed.clear();
        return start;
    }
}
