// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.demo;

import io.tacho.cli.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The demo as a program: real nodes and real clients on this machine. */
@Command(
        name = "tacho-demo",
        versionProvider = Program.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Real message hubs that embed the agent, and real clients to keep them busy.",
        footer = {
            "",
            "Every option has a twin in the environment: --metrics-interval is TACHO_METRICS_INTERVAL.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        },
        subcommands = {DemoCluster.class, DemoNode.class, DemoClients.class, Rehearsal.class})
public final class DemoMain implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    DemoMain() {}

    public static void main(String... arguments) {
        System.exit(Program.run(new DemoMain(), arguments));
    }

    /** Without a subcommand there is nothing to do but to say which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Program.USAGE;
    }
}
