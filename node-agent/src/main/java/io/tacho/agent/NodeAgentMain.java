// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.cli.Program;
import io.tacho.cli.RedisOptions;
import io.tacho.cli.Signals;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The node-agent as a program: reports its own process until it is told to end. */
@Command(
        name = "tacho-agent",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        description = {
            "Reports one node to Redis: a heartbeat with its 22 numbers, and a goodbye at the end (SIGTERM, Ctrl-C).",
            "SIGUSR1 marks the node as draining: about to leave.",
            "Without a host to record for, the numbers are those of this process; its counters stay 0."
        },
        footer = {
            "",
            "Every option has a twin in the environment: --metrics-interval is TACHO_METRICS_INTERVAL.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class NodeAgentMain implements Callable<Integer> {

    @Mixin
    private final RedisOptions redis = new RedisOptions();

    @Option(names = "--name", paramLabel = "NAME", description = "Node name (default: host name and process id).")
    private @Nullable String name;

    @Option(
            names = "--metrics-interval",
            paramLabel = "DURATION",
            description = "The window of counters and timers, aligned to the clock (default: 60s).")
    private @Nullable Duration metricsInterval;

    @Option(
            names = "--publish-interval",
            paramLabel = "DURATION",
            description = "The heartbeat (default: 5s, or the metrics interval if that is shorter).")
    private @Nullable Duration publishInterval;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "How long the node is believed alive without a beat (default: three beats).")
    private @Nullable Duration ttl;

    private NodeAgentMain() {}

    public static void main(String... arguments) {
        System.exit(Program.run(new NodeAgentMain(), arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        NodeAgent.Builder agent = NodeAgent.builder().redis(redis.settings());
        if (name != null) {
            agent.name(name);
        }
        if (metricsInterval != null) {
            agent.metricsInterval(metricsInterval);
        }
        if (publishInterval != null) {
            agent.publishInterval(publishInterval);
        }
        if (ttl != null) {
            agent.ttl(ttl);
        }
        NodeAgent started = agent.start();
        Signals.on("USR1", started::drain);
        // until a signal ends the JVM: then the agent's shutdown hook says goodbye
        new CountDownLatch(1).await();
        return 0;
    }
}
