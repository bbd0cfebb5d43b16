// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The start time of the programs on an empty Redis, and their memory when idle. */
final class StartPhase {

    /** A namespace without nodes. */
    private static final String AGGREGATORS = "bench-start";

    private static final String AGENTS = "bench-first-beat";
    private static final long IDLE_SECONDS = 10;
    private static final long FIRST_BEAT_SECONDS = 30;

    private final TestBed testBed;
    private final int runs;

    StartPhase(TestBed testBed, int runs) {
        this.testBed = testBed;
        this.runs = runs;
    }

    /** Medians: seconds until {@code /-/ready} is 200, or until the first beat; megabytes resident some seconds later. */
    record Outcome(
            double aggregatorReadySeconds,
            double aggregatorResidentMegabytes,
            double agentFirstBeatSeconds,
            double agentResidentMegabytes) {

        List<String> text() {
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "aggregator: ready after %.2f s, idle with %.0f MB resident",
                            aggregatorReadySeconds,
                            aggregatorResidentMegabytes),
                    String.format(
                            Locale.ROOT,
                            "agent: first beat after %.2f s, idle with %.0f MB resident",
                            agentFirstBeatSeconds,
                            agentResidentMegabytes));
        }
    }

    private record Start(double seconds, double megabytes) {}

    Outcome run() throws IOException, InterruptedException {
        if (runs > 1) {
            // the first of each reads the program from disk
            aggregator();
            agent();
        }
        List<Start> aggregators = new ArrayList<>();
        List<Start> agents = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            aggregators.add(aggregator());
            agents.add(agent());
        }
        return new Outcome(
                Row.median(aggregators.stream().mapToDouble(Start::seconds).toArray()),
                Row.median(aggregators.stream().mapToDouble(Start::megabytes).toArray()),
                Row.median(agents.stream().mapToDouble(Start::seconds).toArray()),
                Row.median(agents.stream().mapToDouble(Start::megabytes).toArray()));
    }

    private Start aggregator() throws IOException, InterruptedException {
        ChildProcess process = testBed.aggregator(AGGREGATORS).process();
        return measured(process, process.age().toNanos() / 1e9);
    }

    private Start agent() throws IOException, InterruptedException {
        try (RawSubscriber subscriber = new RawSubscriber(testBed.redisPort(), RawSubscriber.channel(AGENTS))) {
            ChildProcess process = testBed.agent(AGENTS);
            while (subscriber.received() == 0) {
                process.requireAlive();
                if (process.age().toNanos() / 1e9 > FIRST_BEAT_SECONDS) {
                    throw new IOException("agent: no beat in " + FIRST_BEAT_SECONDS + " s");
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return measured(process, process.age().toNanos() / 1e9);
        }
    }

    private Start measured(ChildProcess process, double seconds) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        Start start = new Start(seconds, ProcessUsage.residentMegabytes(process.pid()));
        testBed.clear();
        return start;
    }
}
