// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.BenchSettings.Phase;
import io.tacho.cli.bench.program.Tool;
import io.tacho.cli.program.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The benchmark as a program. */
@Command(
        name = "tacho bench",
        versionProvider = Program.Version.class,
        description = {
            "Measures an aggregator on this machine while a simulated cluster sends beats: start and memory, its responses compared",
            "with the same bytes as a file of nginx, unchanged polls, received messages, responses under load, and the",
            "alternatives: a Pushgateway, a script that reads Redis, info of Centrifugo. Needs wrk and nginx (apt-get install wrk",
            "nginx-light); nothing else should run meanwhile. Takes about six minutes."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:measured, and nothing is worse than in the file of --compare",
            "1:a measurement failed, or something is worse",
            "2:invalid option"
        },
        footer = {"", "Every option is also an environment variable: --nodes is TACHO_NODES."})
public final class BenchMain implements Callable<Integer> {

    @Option(
            names = "--nodes",
            paramLabel = "N",
            split = ",",
            description = "Sizes of the cluster, 1 to 100000 (default: 10,100,1000,10000).")
    private List<Integer> nodes = BenchSettings.DEFAULT_NODES;

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            description = "Numbers of concurrent connections, 1 to 1000 (default: 1,32).")
    private List<Integer> connections = BenchSettings.DEFAULT_CONNECTIONS;

    @Option(names = "--seconds", paramLabel = "N", description = "How long a run takes, 1 to 60 (default: 2).")
    private int seconds = BenchSettings.DEFAULT_SECONDS;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Runs of each server, 1 to 20; results are medians (default: 3).")
    private int runs = BenchSettings.DEFAULT_RUNS;

    @Option(
            names = "--phases",
            paramLabel = "PHASE",
            split = ",",
            description = "Some of start, responses, polls, ingest, load, alternatives (default: all of them).")
    private List<String> phases =
            BenchSettings.ALL.stream().map(Phase::toString).toList();

    @Option(
            names = "--json",
            paramLabel = "PATH",
            description = "The file for the results (default: tacho-bench.json).")
    private Path json = Path.of("tacho-bench.json");

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description =
                    "Compare with the results of an earlier run; worse by more than 10 % and than the range of the runs"
                            + " is a regression.")
    private @Nullable Path compare;

    @Option(
            names = "--with",
            paramLabel = "FILE",
            description = "Compare these results with those of --compare, and measure nothing.")
    private @Nullable Path with;

    @Option(
            names = "--pushgateway",
            paramLabel = "PATH",
            description =
                    "Prometheus' Pushgateway (default: prometheus-pushgateway on the PATH; left out if it is missing).")
    private @Nullable Path pushgateway;

    @Option(
            names = "--centrifugo",
            paramLabel = "PATH",
            description = "A Centrifugo of version 3 to 6 whose info is measured (default: left out).")
    private @Nullable Path centrifugo;

    @Option(names = "--revision", hidden = true, description = "The revision of the checkout.")
    private String revision = "unknown";

    @Option(names = "--aggregator-command", hidden = true, description = "A word of the aggregator's command.")
    private List<String> aggregatorCommand = List.of("tacho-aggregator");

    @Option(names = "--agent-command", hidden = true, description = "A word of the agent's command.")
    private List<String> agentCommand = List.of("tacho-agent");

    @Option(names = "--with-parent", hidden = true, description = "End when the process ends that started this one.")
    private boolean withParent;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private volatile @Nullable TestBed testBed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchResults before = compare == null ? null : BenchResults.read(compare);
        if (with != null) {
            if (before == null) {
                throw new IllegalArgumentException("with: " + with + " (expected: together with --compare)");
            }
            return report(new Comparison(before, BenchResults.read(with)));
        }
        BenchSettings settings = new BenchSettings(
                phases.stream().map(Phase::of).collect(Collectors.toSet()), nodes, connections, seconds, runs);
        TestBed.Programs programs = programs(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "tacho-shutdown"));
        if (withParent) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        }
        BenchResults results;
        try (TestBed own = new TestBed(programs)) {
            testBed = own;
            results = new BenchResults(
                    BenchResults.SCHEMA,
                    Instant.now().toString(),
                    Machine.describe(),
                    versions(programs, own),
                    settings,
                    new LinkedHashMap<>(),
                    new ArrayList<>());
            print(results.machine().toString());
            results.versions().forEach((name, version) -> print(name + ": " + version));
            print(String.format(Locale.ROOT, "takes about %.1f minutes", settings.expectedSeconds() / 60.0));
            try {
                measure(own, results);
            } finally {
                // also what there is of it when something fails
                results.write(json);
            }
        }
        return before == null ? 0 : report(new Comparison(before, results));
    }

    private int report(Comparison comparison) {
        print("");
        comparison.text().forEach(this::print);
        return comparison.regressions() == 0 ? 0 : 1;
    }

    /** Checks the prerequisites of all phases before the first one starts. */
    private TestBed.Programs programs(BenchSettings settings) throws IOException {
        boolean tools = settings.phases().stream().anyMatch(Phase::needsTools);
        Path gateway = null;
        if (settings.phases().contains(Phase.ALTERNATIVES)) {
            gateway = pushgateway == null
                    ? Tool.PUSHGATEWAY.findIn(Tool.path()).orElse(null)
                    : Tool.requireExecutable("pushgateway", pushgateway);
            if (gateway == null) {
                print("left out: no prometheus-pushgateway on the PATH (apt-get install prometheus-pushgateway)");
            }
            if (centrifugo == null) {
                print("left out: no --centrifugo");
            }
        }
        return new TestBed.Programs(
                aggregatorCommand,
                agentCommand,
                tools ? Tool.WRK.find(Tool.path()) : null,
                tools ? Tool.NGINX.find(Tool.path()) : null,
                gateway,
                centrifugo == null ? null : Tool.requireExecutable("centrifugo", centrifugo));
    }

    private Map<String, String> versions(TestBed.Programs programs, TestBed on)
            throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put(
                "tacho", String.join("", new Program.Version().getVersion()).replace("tacho ", ""));
        versions.put("revision", revision);
        versions.put("java", System.getProperty("java.vm.version", "unknown"));
        versions.put("aggregator", String.join(" ", programs.aggregator()));
        versions.put("redis", on.redisVersion());
        put(versions, "wrk", Tool.WRK, programs.wrk());
        put(versions, "nginx", Tool.NGINX, programs.nginx());
        put(versions, "pushgateway", Tool.PUSHGATEWAY, programs.pushgateway());
        if (programs.centrifugo() != null) {
            versions.put("centrifugo", Tool.version(programs.centrifugo(), "version"));
        }
        return versions;
    }

    private static void put(Map<String, String> versions, String name, Tool tool, @Nullable Path program)
            throws IOException, InterruptedException {
        if (program != null) {
            versions.put(name, tool.version(program));
        }
    }

    private void measure(TestBed on, BenchResults results) throws IOException, InterruptedException {
        List<String> summary = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            if (results.settings().phases().contains(phase)) {
                long start = System.nanoTime();
                List<String> lines = phase(phase, on, results.settings()).run(results.measurements()::add);
                double took = (System.nanoTime() - start) / 1e9;
                results.seconds().put(phase.toString(), took);
                print(String.format(Locale.ROOT, "%s: %.0f s", phase, took));
                summary.add("");
                summary.addAll(lines);
            }
        }
        summary.forEach(this::print);
    }

    private BenchPhase phase(Phase phase, TestBed on, BenchSettings settings) {
        return switch (phase) {
            case START -> new StartPhase(on, settings.runs());
            case RESPONSES -> new ResponsesPhase(on, settings, this::print);
            case POLLS -> new PollsPhase(on, settings);
            case INGEST -> new IngestPhase(on, settings.seconds());
            case LOAD -> new LoadPhase(on, settings);
            case ALTERNATIVES -> new AlternativesPhase(on, settings);
        };
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private void end() {
        TestBed running = testBed;
        if (running != null) {
            running.close();
        }
    }
}
