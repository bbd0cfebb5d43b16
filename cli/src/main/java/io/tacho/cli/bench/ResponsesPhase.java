// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.Measurement.Better;
import io.tacho.cli.bench.Row.Server;
import io.tacho.cli.bench.program.Nginx;
import io.tacho.cli.bench.program.Poller;
import io.tacho.cli.bench.program.ProcessUsage;
import io.tacho.cli.bench.program.Wrk.Load;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * The responses for all nodes per second, beside nginx with the same bytes. The cluster beats all the while, also while
 * nginx is measured.
 */
final class ResponsesPhase implements BenchPhase {

    /** Until the compilers have next to nothing to do. */
    private static final int WARM_UP_SECONDS = 8;

    private static final String STATS = "/stats";

    /** Bodies change a little with every beat. */
    private static final double LENGTH_TOLERANCE = 0.03;

    private static final int MAX_HEAD_BYTES = 1_024;

    private final TestBed testBed;
    private final BenchSettings settings;
    private final Consumer<String> printer;
    private final List<Row> rows = new ArrayList<>();

    ResponsesPhase(TestBed testBed, BenchSettings settings, Consumer<String> printer) {
        this.testBed = testBed;
        this.settings = settings;
        this.printer = printer;
    }

    @Override
    public List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException {
        List<String> summary = new ArrayList<>();
        for (int nodes : settings.nodes()) {
            String namespace = "bench-" + nodes;
            TestBed.Aggregator aggregator = testBed.aggregator(namespace);
            testBed.swarm(namespace, nodes, aggregator);
            byte[] body = new Poller(aggregator.url()).body(STATS);
            Nginx nginx = testBed.nginx(body);
            testBed.wrk().run(aggregator.url() + STATS, 32, WARM_UP_SECONDS);
            double beats = beatsCpuPercent(aggregator);
            results.accept(Measurement.of("beats of " + nodes + " nodes: CPU", "% of a core", Better.LOWER, beats));
            summary.add(String.format(
                    Locale.ROOT, "%d nodes: the beats alone take the aggregator %.1f %% of a core", nodes, beats));
            for (int connections : settings.connections()) {
                rows.addAll(served(aggregator, nginx, nodes, connections, body.length, results));
            }
            testBed.clear();
        }
        ResponseTable table = new ResponseTable(rows);
        summary.add("");
        summary.addAll(table.text().lines().toList());
        summary.add("");
        summary.addAll(table.verdicts());
        return summary;
    }

    private double beatsCpuPercent(TestBed.Aggregator aggregator) throws IOException, InterruptedException {
        long before = ProcessUsage.cpuMillis(aggregator.process().pid());
        TimeUnit.SECONDS.sleep(settings.seconds());
        return (ProcessUsage.cpuMillis(aggregator.process().pid()) - before) / 10.0 / settings.seconds();
    }

    /** Turn about, so that what comes and goes on the machine meets all of them. */
    private List<Row> served(
            TestBed.Aggregator aggregator,
            Nginx nginx,
            int nodes,
            int connections,
            int length,
            Consumer<Measurement> results)
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
        measurements(nodes + " nodes, " + connections + " connections: ", runs, medians)
                .forEach(results);
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

    /** {@return the aggregator's runs beside those of the nginx that has more responses a second} */
    private static List<Measurement> measurements(String prefix, Map<Server, List<Row>> runs, List<Row> medians) {
        Server peer = medians.stream()
                .filter(row -> row.server().isLimit())
                .max(Comparator.comparingDouble(Row::perSecond))
                .map(Row::server)
                .orElse(Server.NGINX);
        List<Row> tacho = runs.getOrDefault(Server.TACHO, List.of());
        List<Row> nginx = runs.getOrDefault(peer, List.of());
        return List.of(
                measurement(prefix + "responses", "1/s", Better.HIGHER, tacho, nginx, Row::perSecond),
                measurement(prefix + "p99", "ms", Better.LOWER, tacho, nginx, Row::p99Millis),
                measurement(prefix + "CPU of a response", "ms", Better.LOWER, tacho, nginx, Row::cpuMillis));
    }

    private static Measurement measurement(
            String name, String unit, Better better, List<Row> tacho, List<Row> nginx, ToDoubleFunction<Row> value) {
        return Measurement.of(name, unit, better, values(tacho, value)).beside("nginx", values(nginx, value));
    }

    private static double[] values(List<Row> runs, ToDoubleFunction<Row> value) {
        return runs.stream().mapToDouble(value).toArray();
    }
}
