// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.Row.Server;
import io.tacho.cli.bench.Wrk.Load;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The responses for all nodes per second, beside nginx with the same bytes and beside readers of Redis. The
 * cluster beats all the while, also while the others are measured.
 */
final class ResponsesPhase {

    /** Until the compilers have next to nothing to do. */
    private static final int WARM_UP_SECONDS = 15;

    private static final String STATS = "/stats";

    /** Bodies change a little with every beat. */
    private static final double LENGTH_TOLERANCE = 0.03;

    private static final int MAX_HEAD_BYTES = 1_024;

    private final TestBed testBed;
    private final BenchSettings settings;
    private final Consumer<String> printer;
    private final List<Row> rows = new ArrayList<>();
    private final Map<Integer, Double> beats = new TreeMap<>();

    ResponsesPhase(TestBed testBed, BenchSettings settings, Consumer<String> printer) {
        this.testBed = testBed;
        this.settings = settings;
        this.printer = printer;
    }

    /** The measurements, and the CPU time of the aggregator for the beats alone. */
    record Outcome(List<Row> rows, Map<Integer, Double> beatsCpuPercent) {}

    /** Returns the measurements so far. */
    Outcome outcome() {
        return new Outcome(rows, beats);
    }

    void run() throws IOException, InterruptedException {
        for (int nodes : settings.nodes()) {
            String namespace = "bench-" + nodes;
            TestBed.Aggregator aggregator = testBed.aggregator(namespace);
            testBed.swarm(namespace, nodes, aggregator);
            byte[] body = new Poller(aggregator.url()).body(STATS);
            Nginx nginx = testBed.nginx(body);
            testBed.wrk().run(aggregator.url() + STATS, 32, WARM_UP_SECONDS);
            beats.put(nodes, idleCpuPercent(aggregator));
            for (int connections : settings.connections()) {
                rows.addAll(served(aggregator, nginx, nodes, connections, body.length));
            }
            rows.addAll(read(namespace, nodes, body));
            testBed.clear();
        }
    }

    private double idleCpuPercent(TestBed.Aggregator aggregator) throws IOException, InterruptedException {
        long before = ProcessUsage.cpuMillis(aggregator.process().pid());
        TimeUnit.SECONDS.sleep(settings.seconds());
        return (ProcessUsage.cpuMillis(aggregator.process().pid()) - before) / 10.0 / settings.seconds();
    }

    /** Turn about, so that what comes and goes on the machine meets all of them. */
    private List<Row> served(TestBed.Aggregator aggregator, Nginx nginx, int nodes, int connections, int length)
            throws IOException, InterruptedException {
        Map<Server, List<Row>> runs = new EnumMap<>(Server.class);
        for (int run = 1; run <= settings.runs(); run++) {
            for (Server server : List.of(Server.NGINX_SENDFILE, Server.NGINX, Server.TACHO)) {
                boolean tacho = server == Server.TACHO;
                String url = tacho ? aggregator.url() : nginx.url(server == Server.NGINX_SENDFILE);
                long cpuBefore =
                        tacho ? ProcessUsage.cpuMillis(aggregator.process().pid()) : nginx.cpuMillis();
                Load load = testBed.wrk().run(url + STATS, connections, settings.seconds());
                long cpu = (tacho ? ProcessUsage.cpuMillis(aggregator.process().pid()) : nginx.cpuMillis()) - cpuBefore;
                check(server, load, length);
                Row row = new Row(
                        nodes,
                        connections,
                        server,
                        length,
                        load.perSecond(),
                        load.p99Millis(),
                        (double) cpu / load.requests());
                runs.computeIfAbsent(server, any -> new ArrayList<>()).add(row);
            }
        }
        List<Row> medians = new ArrayList<>();
        for (Server server : List.of(Server.TACHO, Server.NGINX_SENDFILE, Server.NGINX)) {
            medians.add(Row.median(runs.getOrDefault(server, List.of())));
        }
        printer.accept(nodes + " nodes, " + connections + " connections: " + text(medians));
        return medians;
    }

    private static String text(List<Row> rows) {
        List<String> parts = new ArrayList<>();
        rows.forEach(row -> parts.add(row.server().label + " " + ResponseTable.number(row.perSecond()) + "/s"));
        return String.join(", ", parts);
    }

    /** Nothing but 2xx, and as long as it should be: else the numbers are of something else. */
    private static void check(Server server, Load load, int length) throws IOException {
        double found = (double) load.bytes() / Math.max(1, load.requests());
        // wrk counts what it has read of responses that it did not see the end of
        double slack = length * LENGTH_TOLERANCE + MAX_HEAD_BYTES + 64.0 * length / Math.max(1, load.requests());
        if (load.errors() > 0 || load.requests() == 0 || Math.abs(found - length) > slack) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s: %d responses of %.0f bytes, %d errors (expected: responses of about %d bytes, no errors)",
                    server.label,
                    load.requests(),
                    found,
                    load.errors(),
                    length));
        }
    }

    private List<Row> read(String namespace, int nodes, byte[] body) throws IOException, InterruptedException {
        int connections = settings.connections().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
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
        List<Row> found = List.of(
                row(
                        Server.SCAN_MGET,
                        new NaiveReader(testBed.redisPort(), "node:*", true, nodes),
                        nodes,
                        connections,
                        body),
                row(
                        Server.SCAN_HGETALL,
                        new NaiveReader(testBed.redisPort(), "{" + namespace + ":0}:node:*", false, nodes),
                        nodes,
                        connections,
                        body));
        printer.accept(nodes + " nodes, " + connections + " connections: " + text(found));
        return found;
    }

    private Row row(Server server, NaiveReader reader, int nodes, int connections, byte[] body)
            throws IOException, InterruptedException {
        reader.run(connections, 1);
        double before = readersCpuMillis();
        NaiveReader.Reading reading = reader.run(connections, settings.seconds());
        double cpu = readersCpuMillis() - before;
        if (reading.fewestFound() < nodes) {
            printer.accept(server.label + ": at times it found only " + reading.fewestFound() + " of " + nodes
                    + " nodes, for it left Redis no time for their beats");
        }
        return new Row(
                nodes,
                connections,
                server,
                body.length,
                reading.responses() / reading.seconds(),
                reading.p99Millis(),
                cpu / reading.responses());
    }

    /** Returns the CPU time of Redis and of this process, which does little else. */
    private double readersCpuMillis() throws IOException {
        long own = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime()
                : 0;
        return ProcessUsage.cpuMillis(testBed.redisProcess().pid()) + own / 1e6;
    }
}
