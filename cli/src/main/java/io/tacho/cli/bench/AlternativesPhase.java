// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.Measurement.Better;
import io.tacho.cli.bench.program.CentrifugoNodes;
import io.tacho.cli.bench.program.Poller;
import io.tacho.cli.bench.program.ProcessUsage;
import io.tacho.cli.bench.program.Pushgateway;
import io.tacho.cli.bench.program.Wrk;
import io.tacho.cli.bench.program.Wrk.Load;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What else would list all nodes: a Pushgateway, a script that reads Redis for each query, {@code info} of Centrifugo. Each has
 * nodes that report as often as Tacho's agents while it responds. How long a lost node stays in each.
 */
final class AlternativesPhase implements BenchPhase {

    private static final String NAMESPACE = "bench-alternatives";
    private static final String SMALL_NAMESPACE = "bench-info";
    private static final String STATS = "/stats";

    /** A Pushgateway with more nodes responds less than once a second. */
    private static final int MAX_NODES = 1_000;

    private static final int CENTRIFUGO_NODES = 3;
    private static final int WARM_UP_SECONDS = 2;
    private static final long INTERVAL_MILLIS = 5_000;
    private static final int MAX_LOST_SECONDS = 40;

    private final TestBed testBed;
    private final BenchSettings settings;
    private final int connections;
    private final List<Alternative> found = new ArrayList<>();

    AlternativesPhase(TestBed testBed, BenchSettings settings) {
        this.testBed = testBed;
        this.settings = settings;
        connections = settings.connections().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
    }

    /**
     * The result of one alternative.
     *
     * @param bytes of a response
     * @param cpuMillis of the program for a response, also of Redis and the reader if that is what responds
     * @param megabytes resident memory of the program; 0 if there is none of its own
     */
    private record Alternative(
            String name,
            int nodes,
            double perSecond,
            double p99Millis,
            double cpuMillis,
            double bytes,
            double megabytes) {

        String text() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %s | %s | %.0f | %s |",
                    name,
                    nodes,
                    ResponseTable.number(perSecond),
                    ResponseTable.number(p99Millis),
                    ResponseTable.number(cpuMillis),
                    bytes,
                    megabytes == 0 ? "" : String.format(Locale.ROOT, "%.0f", megabytes));
        }
    }

    /** A run of the load generator. */
    @FunctionalInterface
    private interface Run {
        Load run(int seconds) throws IOException, InterruptedException;
    }

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        int nodes = Math.min(
                MAX_NODES,
                settings.nodes().stream().mapToInt(Integer::intValue).max().orElse(1));
        List<String> summary = new ArrayList<>();
        TestBed.Aggregator aggregator = testBed.aggregator(NAMESPACE);
        ChildProcess swarm = testBed.swarm(NAMESPACE, nodes, aggregator);
        tacho(aggregator, nodes, STATS);
        tacho(aggregator, nodes, Pushgateway.METRICS);
        scripts(nodes, new Poller(aggregator.url()).body(STATS));
        Pushgateway gateway = testBed.pushgateway(nodes, INTERVAL_MILLIS);
        if (gateway != null) {
            add(
                    "Pushgateway, /metrics",
                    nodes,
                    gateway.pid(),
                    seconds -> get(gateway.url() + Pushgateway.METRICS, seconds));
            gateway.requirePushed();
            gateway.stopPushing();
        }
        swarm.kill();
        double lost = secondsUntilNone(aggregator);
        results.accept(Measurement.of("a lost node is listed", "s", Better.LOWER, lost));
        summary.add(String.format(Locale.ROOT, "nodes without beats left Tacho's list after %.1f s", lost)
                + (gateway == null
                        ? ""
                        : "; the Pushgateway then had " + groups(gateway) + " of " + nodes + " groups"));
        testBed.clear();
        info();
        report(results);
        summary.add(0, "| alternative | nodes | responses/s | p99 ms | CPU ms a response | bytes | resident MB |");
        summary.add(1, "|---|--:|--:|--:|--:|--:|--:|");
        for (int i = 0; i < found.size(); i++) {
            summary.add(2 + i, found.get(i).text());
        }
        summary.add(2 + found.size(), "");
        return summary;
    }

    private void tacho(TestBed.Aggregator aggregator, int nodes, String path) throws IOException, InterruptedException {
        add("Tacho, " + path, nodes, aggregator.process().pid(), seconds -> get(aggregator.url() + path, seconds));
    }

    private Load get(String url, int seconds) throws IOException, InterruptedException {
        return testBed.wrk().run(url, connections, seconds);
    }

    private void add(String name, int nodes, long pid, Run load) throws IOException, InterruptedException {
        load.run(WARM_UP_SECONDS);
        long before = ProcessUsage.cpuMillis(pid);
        Load measured = load.run(settings.seconds());
        long cpu = ProcessUsage.cpuMillis(pid) - before;
        if (measured.errors() > 0 || measured.requests() == 0) {
            throw new IOException(name + ": " + measured.requests() + " responses, " + measured.errors()
                    + " errors (expected: responses, no errors)");
        }
        found.add(new Alternative(
                name,
                nodes,
                measured.perSecond(),
                measured.p99Millis(),
                (double) cpu / measured.requests(),
                (double) measured.bytes() / measured.requests(),
                ProcessUsage.residentMegabytes(pid)));
    }

    private void scripts(int nodes, byte[] body) throws IOException, InterruptedException {
        // strings in a database of their own: SCAN goes through all keys of one
        try (Resp redis = new Resp(testBed.redisPort())) {
            redis.ask("SELECT", Integer.toString(NaiveReader.STRINGS_DATABASE));
            redis.ask("FLUSHDB");
            String json = new String(body, UTF_8);
            String entry = json.substring(json.indexOf('[') + 1, json.indexOf('}') + 1);
            for (int i = 0; i < nodes; i++) {
                redis.ask("SET", "node:" + i, entry);
            }
        }
        script("Redis, SCAN + MGET of JSON", new NaiveReader(testBed.redisPort(), "node:*", true, nodes), nodes, body);
        String pattern = "{" + NAMESPACE + ":0}:node:*";
        script("Redis, SCAN + HGETALL", new NaiveReader(testBed.redisPort(), pattern, false, nodes), nodes, body);
    }

    private void script(String name, NaiveReader reader, int nodes, byte[] body)
            throws IOException, InterruptedException {
        reader.run(connections, 1);
        double before = readersCpuMillis();
        NaiveReader.Reading reading = reader.run(connections, settings.seconds());
        double cpu = readersCpuMillis() - before;
        found.add(new Alternative(
                name,
                nodes,
                reading.responses() / reading.seconds(),
                reading.p99Millis(),
                cpu / reading.responses(),
                body.length,
                0));
    }

    /** Returns the CPU time of Redis and of this process, which does little else. */
    private double readersCpuMillis() throws IOException {
        long own = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime()
                : 0;
        return ProcessUsage.cpuMillis(testBed.redisProcess().pid()) + own / 1e6;
    }

    /** {@code info} of as many nodes as a machine can start of the original. */
    private void info() throws IOException, InterruptedException {
        CentrifugoNodes centrifugo = testBed.centrifugo(CENTRIFUGO_NODES);
        if (centrifugo == null) {
            return;
        }
        add("Centrifugo, info", CENTRIFUGO_NODES, centrifugo.pid(), seconds -> post(centrifugo.info(), seconds));
        testBed.clear();
        TestBed.Aggregator aggregator = testBed.aggregator(SMALL_NAMESPACE);
        testBed.swarm(SMALL_NAMESPACE, CENTRIFUGO_NODES, aggregator);
        Wrk.Request info = new Wrk.Request(aggregator.url() + "/api/info", "{}", Map.of());
        add("Tacho, info", CENTRIFUGO_NODES, aggregator.process().pid(), seconds -> post(info, seconds));
        testBed.clear();
    }

    private Load post(Wrk.Request request, int seconds) throws IOException, InterruptedException {
        return testBed.wrk().post(request, connections, seconds);
    }

    private static double secondsUntilNone(TestBed.Aggregator aggregator) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Poller poller = new Poller(aggregator.url());
        while (!poller.get("/cluster").text().contains("\"live\":0")) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(MAX_LOST_SECONDS)) {
                throw new IOException("nodes without beats are still live after " + MAX_LOST_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** {@return the number of nodes that the Pushgateway still lists} */
    private static long groups(Pushgateway gateway) throws IOException {
        return new String(new Poller(gateway.url()).body(Pushgateway.METRICS), UTF_8)
                .lines()
                .filter(line -> line.startsWith("node_num_clients{"))
                .count();
    }

    /** Each result of Tacho has as its peer the one that returns the same. */
    private void report(Consumer<Measurement> results) {
        for (Alternative one : found) {
            String prefix = one.name() + " of " + one.nodes() + " nodes: ";
            results.accept(withPeer(one, Measurement.of(prefix + "responses", "1/s", Better.HIGHER, one.perSecond())));
            results.accept(Measurement.of(prefix + "CPU of a response", "ms", Better.LOWER, one.cpuMillis()));
        }
    }

    private Measurement withPeer(Alternative one, Measurement responses) {
        Map<String, String> peers = Map.of(
                "Tacho, /stats", "Redis, SCAN + HGETALL",
                "Tacho, /metrics", "Pushgateway, /metrics",
                "Tacho, info", "Centrifugo, info");
        String peer = peers.get(one.name());
        return found.stream()
                .filter(other -> other.name().equals(peer))
                .findFirst()
                .map(other -> responses.beside(other.name(), other.perSecond()))
                .orElse(responses);
    }
}
