// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.Measurement.Better;
import io.tacho.cli.bench.program.Nginx;
import io.tacho.cli.bench.program.Poller;
import io.tacho.cli.bench.program.Wrk.Load;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Queries and beats in each other's way, at the largest number of nodes asked for: who waits for whom, and how long. */
final class LoadPhase implements BenchPhase {

    private static final String NAMESPACE = "bench-load";
    private static final String STATS = "/stats";
    private static final int CONNECTIONS = 32;
    private static final int WARM_UP_SECONDS = 5;
    private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    /** Its name is before all others: it is the first in the response. */
    private static final String PROBE_NAME = "!probe";

    private static final Pattern PROBE = Pattern.compile("\"name\":\"!probe\".*?\"num_clients\":(\\d+)");

    private final TestBed testBed;
    private final BenchSettings settings;

    LoadPhase(TestBed testBed, BenchSettings settings) {
        this.testBed = testBed;
        this.settings = settings;
    }

    /** The 99th percentile and the maximum of response times. */
    record ResponseTimes(double p99Millis, double longestMillis) {
        static ResponseTimes of(double[] sorted) {
            return new ResponseTimes(sorted[(int) Math.ceil(sorted.length * 0.99) - 1], sorted[sorted.length - 1]);
        }
    }

    /**
     * The age of what responses contain.
     *
     * @param medianMillis the median time from a beat to the first response that contains it
     * @param oldestMillis the longest time for which Redis had a beat that a response did not contain
     */
    record Ages(double medianMillis, double oldestMillis) {}

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        int nodes = settings.nodes().stream().mapToInt(Integer::intValue).max().orElse(1);
        TestBed.Aggregator aggregator = testBed.aggregator(NAMESPACE);
        testBed.swarm(NAMESPACE, nodes, aggregator);
        Poller poller = new Poller(aggregator.url());
        ReceivedCount received = new ReceivedCount(aggregator.url());
        try (Nginx nginx = testBed.nginx(poller.body(STATS));
                Resp redis = new Resp(testBed.redisPort())) {
            testBed.wrk().run(aggregator.url() + STATS, CONNECTIONS, WARM_UP_SECONDS);

            long sentBefore = calls(redis);
            long receivedBefore = received.get();
            long start = System.nanoTime();
            Load load = testBed.wrk().run(aggregator.url() + STATS, CONNECTIONS, Math.max(5, settings.seconds()));
            double took = (System.nanoTime() - start) / 1e9;
            double sent = (calls(redis) - sentBefore) / took;
            double taken = (received.get() - receivedBefore) / took;

            long pollNanos = TimeUnit.SECONDS.toNanos(settings.seconds());
            double[] polls = poller.pollFor(pollNanos, STATS);
            double[] nginxPolls = new Poller(nginx.url(true)).pollFor(pollNanos, STATS);
            Ages ages = ages(redis, poller);
            ResponseTimes times = ResponseTimes.of(polls);
            ResponseTimes nginxTimes = ResponseTimes.of(nginxPolls);
            String prefix = nodes + " nodes under load: ";
            results.accept(Measurement.of(prefix + "responses", "1/s", Better.HIGHER, load.perSecond()));
            results.accept(Measurement.of(prefix + "beats received", "1/s", Better.HIGHER, taken)
                    .beside("beats sent", sent));
            results.accept(Measurement.of(prefix + "p99 of one poller", "ms", Better.LOWER, times.p99Millis())
                    .beside("nginx", nginxTimes.p99Millis()));
            results.accept(
                    Measurement.of(prefix + "longest wait of one poller", "ms", Better.LOWER, times.longestMillis())
                            .beside("nginx", nginxTimes.longestMillis()));
            results.accept(Measurement.of(prefix + "age of a response", "ms", Better.LOWER, ages.medianMillis()));
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "query load, %d nodes, %d connections: %.0f responses/s while %.0f of %.0f beats/s were received",
                            nodes,
                            CONNECTIONS,
                            load.perSecond(),
                            taken,
                            sent),
                    String.format(
                            Locale.ROOT,
                            "one poller while they beat: p99 %.1f ms, longest %.1f ms; of nginx p99 %.1f ms, longest %.1f ms",
                            times.p99Millis(),
                            times.longestMillis(),
                            nginxTimes.p99Millis(),
                            nginxTimes.longestMillis()),
                    String.format(
                            Locale.ROOT,
                            "age: a response lacked what Redis had for %.1f ms at most (from beat to response: median %.1f ms)",
                            ages.oldestMillis(),
                            ages.medianMillis()));
        } finally {
            testBed.clear();
        }
    }

    private static long calls(Resp redis) throws IOException {
        Object info = redis.ask("INFO", "commandstats");
        Matcher calls = CALLS.matcher(info instanceof byte[] text ? new String(text, UTF_8) : "");
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** Writes a beat with a number of its own, and asks until a response has it. */
    private Ages ages(Resp redis, Poller poller) throws IOException {
        Probe probe = new Probe(NAMESPACE, PROBE_NAME, Beats.load(redis));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.seconds());
        double[] ages = new double[10_000];
        int count = 0;
        double oldest = 0;
        while (count == 0 || (System.nanoTime() < end && count < ages.length)) {
            long clients = probe.beat(redis);
            long known = System.nanoTime();
            long asked = known;
            while (!(seen(poller) >= clients)) {
                // that response was asked for so long after Redis had it, and lacked it
                oldest = Math.max(oldest, (asked - known) / 1e6);
                asked = System.nanoTime();
                if (asked - known > TimeUnit.SECONDS.toNanos(20)) {
                    throw new IOException("the probe's beat is not in the response after 20 s");
                }
            }
            // the first one is not known yet: it is looked for in Redis
            if (clients > 1) {
                ages[count++] = (System.nanoTime() - known) / 1e6;
            } else {
                oldest = 0;
            }
        }
        return new Ages(Measurement.median(Arrays.stream(ages, 0, count).boxed().toList()), oldest);
    }

    private static long seen(Poller poller) throws IOException {
        Matcher probe = PROBE.matcher(poller.get(STATS).text());
        return probe.find() ? Long.parseLong(probe.group(1)) : -1;
    }
}
