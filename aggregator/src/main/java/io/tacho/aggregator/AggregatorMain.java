// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.cli.ListenAddress;
import io.tacho.cli.Program;
import io.tacho.cli.RedisOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The aggregator as a program. */
@Command(
        name = "tacho-aggregator",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        description = {
            "Follows all nodes that report to Redis and answers for them over HTTP:",
            "GET /stats, POST /api/ (Centrifugo v1), GET /-/healthy, GET /-/ready."
        },
        footer = {
            "",
            "Every option has a twin in the environment: --max-nodes is TACHO_MAX_NODES.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class AggregatorMain implements Callable<Integer> {

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to serve HTTP; port 0 takes a free one (default: 127.0.0.1:7022).")
    private String listen = AggregatorSettings.DEFAULT_LISTEN;

    @Option(
            names = "--api-secret",
            paramLabel = "SECRET",
            description = "What callers have to know: /api/ wants bodies signed with it, /stats wants it as X-API-Key"
                    + " (default: none, open on loopback). Give it by TACHO_API_SECRET, not by the flag.")
    private @Nullable String apiSecret;

    @Option(
            names = "--insecure-api",
            description = "Open to everybody who can connect, on whatever address (default: no).")
    private boolean insecureApi;

    @Mixin
    private final RedisOptions redis = new RedisOptions();

    @Option(
            names = "--sweep-interval",
            paramLabel = "DURATION",
            description = "How often the registry is read, to find nodes that no message told of (default: 15s).")
    private Duration sweepInterval = AggregatorSettings.DEFAULT_SWEEP_INTERVAL;

    @Option(names = "--max-nodes", paramLabel = "N", description = "More nodes are refused (default: 100000).")
    private int maxNodes = AggregatorSettings.DEFAULT_MAX_NODES;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "More HTTP connections are closed at once (default: 10000).")
    private int maxConnections = AggregatorSettings.DEFAULT_MAX_CONNECTIONS;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private AggregatorMain() {}

    public static void main(String... arguments) {
        System.exit(Program.run(new AggregatorMain(), arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Aggregator aggregator = new Aggregator(new AggregatorSettings(
                ListenAddress.parse(listen),
                apiSecret == null ? null : new ApiSecret(apiSecret),
                insecureApi,
                redis.settings(),
                sweepInterval,
                maxNodes,
                maxConnections));
        aggregator.start();
        Runtime.getRuntime().addShutdownHook(new Thread(aggregator::close, "tacho-shutdown"));
        // for whoever started this with port 0
        PrintWriter out = spec.commandLine().getOut();
        out.println("listening " + aggregator.url());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }
}
