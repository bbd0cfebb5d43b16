// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.Aggregator;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.MemoryLimits;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.aggregator.otlp.OtlpSettings;
import io.tacho.aggregator.period.TierSettings;
import io.tacho.cli.program.ByteSize;
import io.tacho.cli.program.CheckedSettings;
import io.tacho.cli.program.ConfigOptions;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Reload;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.text.SettingErrors;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A program that is an aggregator; its subclasses differ in the Redis that it follows. */
abstract class AggregatorCommand implements Callable<Integer>, CheckedSettings {

    @Mixin
    private final HttpOptions http = new HttpOptions();

    @Mixin
    private final AlertOptions alerts = new AlertOptions();

    @Option(
            names = "--sweep-interval",
            paramLabel = "DURATION",
            description = "How often the registry is read, to find nodes that no message announced (default: 15s).")
    private Duration sweepInterval = AggregatorSettings.DEFAULT_SWEEP_INTERVAL;

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            description =
                    "The name of the cluster in the dashboard, 'tacho top' and /cluster (default: the namespace).")
    private @Nullable String clusterName;

    @Option(
            names = "--agent-check-listen",
            paramLabel = "HOST:PORT",
            description = "Where agent-checks of HAProxy receive state and weight of the node that they name"
                    + " (default: nowhere).")
    private @Nullable String agentCheckListen;

    @Option(
            names = "--max-nodes",
            paramLabel = "N",
            description =
                    "Nodes above this number are rejected (default: 100000, with a heap below 600 MB one for 6 KiB of it).")
    private int maxNodes = MemoryLimits.ofThisJvm().maxNodes();

    @Option(
            names = "--max-detail-memory",
            paramLabel = "SIZE",
            description =
                    "The memory for the nodes' histograms and sketches, e.g. 64MiB; beyond it the least needed are"
                            + " dropped (default: a quarter of the largest heap).")
    private ByteSize maxDetailMemory = new ByteSize(MemoryLimits.ofThisJvm().detailBytes());

    @Mixin
    private final TierOptions tiers = new TierOptions();

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /**
     * Returns the settings of the connection to Redis.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    abstract RedisSettings redis(CommandSpec command);

    /** {@return what is to be closed after the aggregator; called before it starts} */
    abstract Runnable prepare() throws IOException;

    /** The aggregator that the settings describe. */
    private record Checked(
            AggregatorSettings settings,
            AlertConfig rules,
            Optional<OtlpSettings> otlp,
            Optional<InetSocketAddress> agentChecks) {}

    /** @throws IllegalArgumentException naming all invalid settings, one per line */
    private Checked checked() {
        SettingErrors errors = new SettingErrors();
        AlertConfig rules = errors.valueOr(alerts::rules, AlertConfig.NONE);
        AggregatorSettings settings = settings(errors);
        Optional<OtlpSettings> otlp = errors.valueOr(() -> OtlpSettings.of(System.getenv()), Optional.empty());
        Optional<InetSocketAddress> agentChecks = errors.valueOr(
                () -> Optional.ofNullable(agentCheckListen)
                        .map(listen -> ListenAddress.parse("agent-check-listen", listen)),
                Optional.empty());
        errors.throwIfAny();
        return new Checked(settings, rules, otlp, agentChecks);
    }

    @Override
    public void check(Predicate<String> isUnreadable) {
        checked();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (alerts.isCheck()) {
            alerts.check(spec.commandLine().getOut());
            return 0;
        }
        Checked checked = checked();
        if (config.print(Map.of())) {
            return 0;
        }
        OpenFiles.check(checked.settings().http().maxConnections());
        Runnable close = prepare();
        Aggregator aggregator = new Aggregator(checked.settings());
        Reload reload = config.reloadOnSighup()
                .with(() -> aggregator.replaceKeys(http.keys()), "api-secret", "api-secret-file", "read-keys-file")
                .with(aggregator::rereadCertificate);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            aggregator.close();
                            close.run();
                        },
                        "tacho-shutdown"));
        aggregator.start();
        checked.agentChecks().ifPresent(aggregator.placement()::listenForAgentChecks);
        HeapTrimmer.start();
        aggregator.setAlertConfig(checked.rules());
        reload.with(() -> aggregator.setAlertConfig(alerts.rules()), "alerts");
        checked.otlp().ifPresent(aggregator::pushMetrics);
        // for callers that use port 0
        PrintWriter out = spec.commandLine().getOut();
        out.println("listening " + aggregator.url());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Returns the settings that the options describe; the errors of invalid ones are recorded. */
    private AggregatorSettings settings(SettingErrors errors) {
        AggregatorSettings defaults = AggregatorSettings.of(
                ListenAddress.parse(AggregatorSettings.DEFAULT_LISTEN), RedisSettings.of(RedisSettings.DEFAULT_URI));
        HttpSettings validHttp = errors.valueOr(http::settings, defaults.http());
        RedisSettings validRedis = errors.valueOr(() -> redis(spec), defaults.redis());
        MemoryLimits nodes =
                errors.valueOr(() -> MemoryLimits.ofThisJvm().withMaxNodes(maxNodes), MemoryLimits.ofThisJvm());
        MemoryLimits memory = errors.valueOr(() -> nodes.withDetailBytes(maxDetailMemory.bytes()), nodes);
        TierSettings history = errors.valueOr(tiers::settings, TierSettings.DEFAULT);
        return errors.valueOr(
                () -> new AggregatorSettings(
                        validHttp,
                        http.insecure(),
                        validRedis,
                        sweepInterval,
                        memory,
                        clusterName == null ? validRedis.namespace() : clusterName,
                        history),
                defaults);
    }
}
