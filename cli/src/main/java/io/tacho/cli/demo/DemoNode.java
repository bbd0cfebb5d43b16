// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.tacho.agent.NodeAgent;
import io.tacho.agent.NodeAgentBuilder;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisOptions;
import io.tacho.cli.program.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One node of the demo: a hub that embeds the agent, until a signal ends it. */
@Command(
        name = "node",
        versionProvider = Program.Version.class,
        description = {
            "Runs one hub that reports itself to Redis.",
            "Prints \"listening ws://…\" when clients can come; ends on SIGTERM and Ctrl-C."
        })
final class DemoNode implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final RedisOptions redis = new RedisOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where the hub listens; port 0 takes a free one (default: 127.0.0.1:0).")
    private String listen = "127.0.0.1:0";

    @Option(names = "--name", paramLabel = "NAME", description = "Node name (default: host name and port).")
    private @Nullable String name;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "Clients that the hub is meant to serve, for load balancers (default: none is reported).")
    private long capacity;

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

    private DemoNode() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        IntervalRecorder recorder = new IntervalRecorder();
        DemoHub hub = hub(recorder);
        NodeAgentBuilder settings = agent(hub, recorder);
        hub.start();
        NodeAgent agent;
        try {
            agent = settings.address(hub.url().getAuthority())
                    .capacity(capacity)
                    .name(name == null ? ProcessSampler.host() + "_" + hub.port() : name)
                    .start();
        } catch (IllegalArgumentException e) {
            hub.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(hub, agent), "tacho-demo-shutdown"));
        Signals.on("USR1", agent::drain);
        PrintWriter out = spec.commandLine().getOut();
        out.println("listening " + hub.url());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** First the hub, so that the agent's last window has all that happened. */
    private static void end(DemoHub hub, NodeAgent agent) {
        hub.close();
        agent.close();
    }

    private DemoHub hub(IntervalRecorder recorder) {
        InetSocketAddress address = ListenAddress.parse(listen);
        return new DemoHub(recorder, address.getHostString(), address.getPort());
    }

    private NodeAgentBuilder agent(DemoHub hub, IntervalRecorder recorder) {
        NodeAgentBuilder agent = NodeAgent.builder()
                .redis(redis.settings())
                .recorder(recorder)
                .closeOnShutdown(false)
                .channels(hub::channels);
        if (metricsInterval != null) {
            agent.metricsInterval(metricsInterval);
        }
        if (publishInterval != null) {
            agent.publishInterval(publishInterval);
        }
        return agent;
    }
}
