// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.agent.NodeAgentMain;
import io.tacho.cli.aggregator.AggregatorMain;
import io.tacho.cli.aggregator.StandaloneMain;
import io.tacho.cli.bench.BenchMain;
import io.tacho.cli.demo.DemoCluster;
import io.tacho.cli.drain.DrainMain;
import io.tacho.cli.mcp.McpMain;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.SighupHandler;
import io.tacho.cli.program.StandardOutput;
import io.tacho.cli.swarm.SwarmMain;
import io.tacho.cli.terminal.HealthMain;
import io.tacho.cli.terminal.HistoryMain;
import io.tacho.cli.terminal.StatsMain;
import io.tacho.cli.terminal.TopMain;
import io.tacho.cli.training.TrainingRun;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The program {@code tacho}: runs the subcommand that its first argument names, with the remaining arguments. Only the
 * classes of that subcommand are loaded.
 */
public final class Tacho {

    /** The subcommands that read settings again on SIGHUP. */
    private static final Set<Subcommand> RELOADING =
            EnumSet.of(Subcommand.AGENT, Subcommand.AGGREGATOR, Subcommand.STANDALONE);

    private Tacho() {}

    /** A subcommand: what {@code tacho --help} lists, and how the picocli command is created. */
    private enum Subcommand {
        DEMO("bring up a cluster on this machine: Redis, three nodes, an aggregator, clients"),
        AGENT("run the node-agent"),
        AGGREGATOR("run the aggregator"),
        STANDALONE("run the aggregator with a Redis of its own"),
        TOP("show the nodes live in this terminal"),
        STATS("print the nodes, for pipes"),
        HISTORY("print the cluster over days and years; export and import it"),
        MCP("serve the nodes to AI assistants by the Model Context Protocol"),
        HEALTH("check an aggregator, for containers and scripts"),
        DRAIN("drain a node: it accepts no new clients"),
        UNDRAIN("end the draining of a node"),
        SWARM("simulate the agents of a large cluster"),
        BENCH("measure an aggregator on this machine"),
        TRAIN(null);

        private final @Nullable String description;

        Subcommand(@Nullable String description) {
            this.description = description;
        }

        /** {@return a new picocli command} */
        Object create() {
            return switch (this) {
                case DEMO -> new DemoCluster();
                case AGENT -> new NodeAgentMain();
                case AGGREGATOR -> new AggregatorMain();
                case STANDALONE -> new StandaloneMain();
                case TOP -> new TopMain();
                case STATS -> new StatsMain();
                case HISTORY -> new HistoryMain();
                case MCP -> new McpMain();
                case HEALTH -> new HealthMain();
                case DRAIN -> new DrainMain.Drain();
                case UNDRAIN -> new DrainMain.Undrain();
                case SWARM -> new SwarmMain();
                case BENCH -> new BenchMain();
                case TRAIN -> new TrainingRun();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Stream<Subcommand> listed() {
            return Arrays.stream(values()).filter(subcommand -> subcommand.description != null);
        }
    }

    public static void main(String... arguments) {
        System.exit(run(List.of(arguments)));
    }

    /** {@return the program with its subcommands, for completion and manual pages} */
    public static CommandLine commandLine() {
        CommandLine tacho = new CommandLine(CommandSpec.create());
        tacho.setCommandName("tacho")
                .getCommandSpec()
                .usageMessage()
                .header("how is every node of a real-time cluster doing right now?")
                .description("Runs the subcommand that the first argument names, with the remaining arguments.");
        Subcommand.listed().forEach(each -> {
            CommandLine subcommand = Program.commandLine(each.create(), Map.of());
            subcommand
                    .setCommandName(each.toString())
                    .getCommandSpec()
                    .usageMessage()
                    .header(each.description)
                    .footerHeading("Notes%n");
            // a manual page has no footer without a heading
            subcommand
                    .getSubcommands()
                    .values()
                    .forEach(nested -> nested.getCommandSpec().usageMessage().footerHeading("Notes%n"));
            tacho.addSubcommand(subcommand);
        });
        return tacho;
    }

    private static int run(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        for (Subcommand subcommand : Subcommand.values()) {
            if (subcommand.toString().equals(name)) {
                if (RELOADING.contains(subcommand)) {
                    SighupHandler.defer();
                }
                return Program.run(
                        subcommand.create(),
                        arguments.subList(1, arguments.size()).toArray(new String[0]));
            }
        }
        StandardOutput out = StandardOutput.open();
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        switch (name) {
            case "-h", "--help", "help" -> printUsage(out);
            case "completion" -> out.print(AutoComplete.bash("tacho", commandLine()));
            case "-V", "--version" -> out.println("tacho " + Program.version());
            case "" -> {
                printUsage(err);
                return Program.USAGE;
            }
            default -> {
                err.println("tacho: unknown command '" + name + "' (expected: one of "
                        + Subcommand.listed().map(Subcommand::toString).collect(Collectors.joining(", ")) + ")");
                return Program.USAGE;
            }
        }
        return out.end(0, "tacho", err);
    }

    private static void printUsage(PrintWriter out) {
        out.println("Usage: tacho COMMAND [OPTIONS]");
        out.println();
        Subcommand.listed().forEach(each -> out.printf("  %-11s %s%n", each, each.description));
        out.println();
        out.println(
                "'tacho COMMAND --help' lists the options of a command; 'tacho completion' prints a script for bash and zsh.");
    }
}
