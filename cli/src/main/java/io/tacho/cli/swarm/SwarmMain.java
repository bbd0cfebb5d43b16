// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.cli.program.ByteSize;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisOptions;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.store.SnapshotPublisher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The swarm as a program: simulated nodes until a signal ends them. */
@Command(
        name = "tacho swarm",
        versionProvider = Program.Version.class,
        description = {
            "Simulates the agents of a large cluster in one process: each has a name (swarm-000001), uid and heartbeat of",
            "its own; their numbers are made up. All of them leave in order at the end (SIGTERM, Ctrl-C)."
        },
        footer = {
            "",
            "Every option is also an environment variable: --nodes is TACHO_NODES.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class SwarmMain implements Callable<Integer> {

    @Option(names = "--nodes", paramLabel = "N", description = "How many, 1 to 100000 (default: 1000).")
    private int nodes = SwarmSettings.DEFAULT_NODES;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            description = "The heartbeat of each, 100ms to 60s (default: 5s).")
    private @Nullable Duration interval;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "How long a node is believed alive without a beat (default: three beats).")
    private @Nullable Duration ttl;

    @Option(
            names = "--connections",
            paramLabel = "K",
            description = "Over how many connections they publish, 1 to 64 (default: 1).")
    private int connections = 1;

    @Option(
            names = "--churn",
            paramLabel = "N",
            description = "Nodes replaced a second, every other one without leaving (default: 0).")
    private int churn;

    @Option(
            names = "--history",
            paramLabel = "DURATION",
            description = "How long the cluster remembers their windows (default: 0s: not at all).")
    private @Nullable Duration history;

    @Option(
            names = "--detail",
            paramLabel = "SIZE",
            description =
                    "Histograms and sketches of each window, about this size together, at most 32KiB (default: 0B).")
    private ByteSize detail = new ByteSize(0);

    @Mixin
    private final RedisOptions redis = new RedisOptions();

    @Override
    public Integer call() throws InterruptedException {
        SwarmSettings settings = SwarmSettings.of(nodes, interval, ttl, connections, churn, history)
                .withDetailBytes(detail.bytes());
        RedisTransport transport = new RedisTransport(redis.settings(), new SnapshotCodec());
        List<SnapshotPublisher> publishers =
                Stream.generate(transport::publisher).limit(connections).toList();
        Swarm swarm = new Swarm(settings, publishers, InstantSource.system(), System::nanoTime);
        Thread end = new Thread(
                () -> {
                    swarm.close();
                    publishers.forEach(SnapshotPublisher::close);
                    transport.close();
                },
                "tacho-shutdown");
        Runtime.getRuntime().addShutdownHook(end);
        swarm.start();
        new CountDownLatch(1).await();
        return 0;
    }
}
