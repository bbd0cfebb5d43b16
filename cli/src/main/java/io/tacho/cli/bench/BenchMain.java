// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.cli.bench.BenchSettings.Phase;
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
            "Measures an aggregator on this machine, while a simulated cluster beats: its responses beside the same bytes as a",
            "static file of nginx and beside readers of Redis, unchanged polls, what it takes in, queries and beats in each",
            "other's way, start and memory. Needs wrk and nginx (apt-get install wrk nginx); nothing else should run meanwhile."
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
            description = "How many ask at the same time, 1 to 1000 (default: 1,32).")
    private List<Integer> connections = BenchSettings.DEFAULT_CONNECTIONS;

    @Option(names = "--seconds", paramLabel = "N", description = "How long a run takes, 1 to 60 (default: 3).")
    private int seconds = BenchSettings.DEFAULT_SECONDS;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each, 1 to 20; medians count (default: 3).")
    private int runs = BenchSettings.DEFAULT_RUNS;

    @Option(
            names = "--phases",
            paramLabel = "PHASE",
            split = ",",
            description = "Some of start, responses, polls, ingest, load (default: all of them).")
    private List<String> phases =
            BenchSettings.ALL.stream().map(Phase::toString).toList();

    @Option(
            names = "--json",
            paramLabel = "PATH",
            description = "Where the results are kept (default: tacho-bench.json).")
    private Path json = Path.of("tacho-bench.json");

    @Option(names = "--aggregator-command", hidden = true, description = "A word of the aggregator's command.")
    private List<String> aggregatorCommand = List.of("tacho-aggregator");

    @Option(names = "--agent-command", hidden = true, description = "A word of the agent's command.")
    private List<String> agentCommand = List.of("tacho-agent");

    @Option(names = "--with-parent", hidden = true, description = "End when the process ends that started this one.")
    private boolean withParent;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final Map<String, Object> results = new LinkedHashMap<>();
    private volatile @Nullable TestBed testBed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchSettings settings = new BenchSettings(
                phases.stream().map(Phase::of).collect(Collectors.toSet()), nodes, connections, seconds, runs);
        TestBed.Programs programs = programs(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "tacho-shutdown"));
        if (withParent) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        }
        results.put("at", Instant.now().toString());
        results.put("machine", Machine.describe());
        results.put("settings", settings);
        print(Machine.describe().toString());
        try (TestBed own = new TestBed(programs)) {
            testBed = own;
            measure(own, settings);
        } finally {
            // also what there is of it when something fails
            keep();
        }
        return 0;
    }

    /** Checks the prerequisites of all phases before the first one starts. */
    private TestBed.Programs programs(BenchSettings settings) throws IOException {
        boolean tools = settings.phases().stream().anyMatch(Phase::needsTools);
        return new TestBed.Programs(
                aggregatorCommand,
                agentCommand,
                tools ? Tool.WRK.find(Tool.path()) : null,
                tools ? Tool.NGINX.find(Tool.path()) : null);
    }

    private void measure(TestBed on, BenchSettings settings) throws IOException, InterruptedException {
        List<String> summary = new ArrayList<>();
        if (settings.phases().contains(Phase.START)) {
            StartPhase.Outcome start = new StartPhase(on, settings.runs()).run();
            results.put("start", start);
            report(summary, start.text());
        }
        if (settings.phases().contains(Phase.RESPONSES)) {
            ResponsesPhase phase = new ResponsesPhase(on, settings, this::print);
            ResponsesPhase.Outcome responses = phase.outcome();
            results.put("responses", responses);
            phase.run();
            responses
                    .beatsCpuPercent()
                    .forEach((size, percent) -> summary.add(String.format(
                            Locale.ROOT,
                            "%d nodes: the beats alone take the aggregator %.1f %% of a core",
                            size,
                            percent)));
            ResponseTable table = new ResponseTable(responses.rows());
            summary.add("");
            summary.addAll(table.text().lines().toList());
            summary.add("");
            summary.addAll(table.verdicts());
        }
        if (settings.phases().contains(Phase.POLLS)) {
            List<PollsPhase.Outcome> polls = new PollsPhase(on, settings).run();
            results.put("polls", polls);
            report(summary, polls.stream().map(PollsPhase.Outcome::text).toList());
        }
        if (settings.phases().contains(Phase.INGEST)) {
            IngestPhase.Outcome ingest = new IngestPhase(on, settings.seconds()).run();
            results.put("ingest", ingest);
            report(summary, ingest.text());
        }
        if (settings.phases().contains(Phase.LOAD)) {
            LoadPhase.Outcome load = new LoadPhase(on, settings).run();
            results.put("load", load);
            report(summary, load.text());
        }
        print("");
        summary.forEach(this::print);
    }

    private void report(List<String> summary, List<String> lines) {
        lines.forEach(this::print);
        summary.addAll(lines);
    }

    private void keep() throws IOException {
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(json.toFile(), results);
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
