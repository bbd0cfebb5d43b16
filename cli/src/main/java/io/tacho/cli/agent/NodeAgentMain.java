// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.Destination;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.cli.program.CheckedSettings;
import io.tacho.cli.program.ConfigOptions;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisOptions;
import io.tacho.cli.program.Signals;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.text.SettingErrors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The node-agent as a program: reports a node from the configured source until it is terminated. */
@Command(
        name = "tacho agent",
        versionProvider = Program.Version.class,
        description = {
            "Reports one node to Redis: beats with its 22 fields, and a leave message at the end (SIGTERM, Ctrl-C).",
            "SIGUSR1 marks the node as draining, i.e. about to leave. SIGHUP reads the log levels again.",
            "The numbers come from a source: this process (whose counters stay 0), a Centrifugo, StatsD, or pushes."
        },
        footer = {
            "",
            "Every option is also an environment variable, --metrics-interval is TACHO_METRICS_INTERVAL, and a key of the",
            "configuration file, metrics-interval.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class NodeAgentMain implements Callable<Integer>, CheckedSettings {

    private static final List<String> INTERVALS = List.of("metrics-interval", "publish-interval", "ttl", "history");

    /** Stands for invalid intervals while the settings of the source are checked, and permits all of them. */
    private static final PublishSettings ANY_INTERVAL =
            PublishSettings.of("any", Duration.ofHours(24), Duration.ofHours(8), Duration.ofHours(24), null);

    @Mixin
    private final RedisOptions redis = new RedisOptions();

    @Mixin
    private final SourceOptions source = new SourceOptions();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Node name (default: host name and process id; of other sources, host and port).")
    private @Nullable String name;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "Where clients or scrapers reach the node: host:port, or a URL (default: none is reported).")
    private @Nullable String address;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "Clients that the node is meant to serve, for load balancers (default: none is reported).")
    private @Nullable Long capacity;

    @Option(
            names = "--agent-check-listen",
            paramLabel = "HOST:PORT",
            description = "Where agent-checks of HAProxy receive state and weight of the node (default: nowhere).")
    private @Nullable String agentCheckListen;

    @Option(
            names = "--metrics-interval",
            paramLabel = "DURATION",
            description = "The window of counters and timers, aligned to the clock (default: 60s).")
    private @Nullable Duration metricsInterval;

    @Option(
            names = "--publish-interval",
            paramLabel = "DURATION",
            description = "Time between two beats (default: 5s, or the metrics interval if that is shorter).")
    private @Nullable Duration publishInterval;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "Time after which the node is lost without a beat (default: three beats).")
    private @Nullable Duration ttl;

    @Option(
            names = "--history",
            paramLabel = "DURATION",
            description = "Retention of this node's windows in the history of the cluster (default: 24h); 0s for none.")
    private @Nullable Duration history;

    @Option(
            names = "--dry-run",
            description = "Print each snapshot as a line of JSON instead of publishing it; needs no Redis.")
    private boolean dryRun;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** The agent that the settings describe. */
    private record Checked(
            PublishSettings settings,
            IntervalRecorder recorder,
            NodeSource source,
            @Nullable RedisSettings redis,
            Optional<InetSocketAddress> agentChecks) {}

    @Override
    public void check(Predicate<String> isUnreadable) {
        checked(INTERVALS.stream().anyMatch(isUnreadable));
    }

    /** @throws IllegalArgumentException naming all invalid settings, one per line */
    private Checked checked(boolean anyInterval) {
        SettingErrors errors = new SettingErrors();
        PublishSettings settings = anyInterval
                ? ANY_INTERVAL
                : errors.valueOr(
                        () -> PublishSettings.of(name, metricsInterval, publishInterval, ttl, history)
                                .withAddress(address)
                                .withCapacity(capacity == null ? 0 : capacity),
                        ANY_INTERVAL);
        Optional<InetSocketAddress> agentChecks = errors.valueOr(
                () -> Optional.ofNullable(agentCheckListen)
                        .map(listen -> ListenAddress.parse("agent-check-listen", listen)),
                Optional.empty());
        IntervalRecorder recorder = new IntervalRecorder();
        Optional<NodeSource> opened =
                errors.valueOr(() -> Optional.of(source.open(settings, name, recorder)), Optional.empty());
        RedisSettings target =
                dryRun ? null : errors.valueOr(redis::settings, RedisSettings.of(RedisSettings.DEFAULT_URI));
        errors.throwIfAny();
        return new Checked(settings, recorder, opened.orElseThrow(), target, agentChecks);
    }

    @Override
    public Integer call() throws InterruptedException {
        Checked checked = checked(false);
        RedisSettings target = checked.redis();
        if (config.print(computed(checked.settings()))) {
            return 0;
        }
        config.reloadOnSighup();
        CountDownLatch end = new CountDownLatch(1);
        NodeAgent agent = NodeAgent.of(
                checked.settings(),
                checked.recorder(),
                checked.source(),
                target == null
                        ? LinePublisher.destination(spec.commandLine().getOut(), end::countDown)
                        : Destination.redis(target));
        agent.start();
        checked.agentChecks().ifPresent(agent::listenForAgentChecks);
        Signals.on("USR1", agent::drain);
        // until a signal, or the end of the dry run's output, ends the JVM: then the agent's shutdown hook sends the
        // leave message
        end.await();
        return 0;
    }

    private Map<String, Duration> computed(PublishSettings settings) {
        Map<String, Duration> computed = new HashMap<>(source.computed(settings));
        computed.put("metrics-interval", settings.metricsInterval());
        computed.put("publish-interval", settings.publishInterval());
        computed.put("ttl", settings.ttl());
        computed.put("history", settings.history());
        return computed;
    }
}
