// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.process.OshiProbe;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.centrifugo.CentrifugoSource;
import io.tacho.agent.source.otlp.OtlpSource;
import io.tacho.agent.source.prometheus.PrometheusSource;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.push.PushSource;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.statsd.StatsdSettings;
import io.tacho.agent.source.statsd.StatsdSource;
import io.tacho.cli.program.GivenSettings;
import io.tacho.cli.program.ListenAddress;
import io.tacho.text.SettingErrors;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options by which the program finds the source of its numbers. */
final class SourceOptions {

    /** Creates the source that the options describe. */
    private interface Kind {
        NodeSource open(PublishSettings settings, @Nullable String name, IntervalRecorder recorder);
    }

    /** Stands for an invalid address while the other settings are checked. */
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = {
                "Where the numbers come from (default: self):",
                "self        this process",
                "centrifugo  a Centrifugo, v3 to v6, by its metrics at --url",
                "prometheus  any program with Prometheus metrics at --url, by a --mapping",
                "statsd      a program's StatsD client, at --listen or --socket",
                "push        PUT /node, at --listen",
                "otlp        a program that pushes its metrics by OTLP over HTTP to --listen, by a --mapping"
            })
    private String source = "self";

    @Mixin
    private final CentrifugoOptions centrifugo = new CentrifugoOptions();

    @Mixin
    private final ScrapeOptions scrape = new ScrapeOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where statsd (UDP), push and otlp (HTTP) listen; port 0 for any.")
    private @Nullable String listen;

    @Option(names = "--socket", paramLabel = "PATH", description = "Unix datagram socket for statsd.")
    private @Nullable Path socket;

    @Option(
            names = "--socket-mode",
            paramLabel = "MODE",
            description = "Permissions of the socket, octal (default: 0770); clients need to write.")
    private @Nullable String socketMode;

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = {
                "File with metric names. For prometheus and otlp: lines like num_clients = app_connections; or one of",
                "micrometer, nats, opentelemetry, socketio, soketi. For statsd: lines like own.name = num_clients."
            })
    private @Nullable String mapping;

    @Mixin
    private final PushOptions pushes = new PushOptions();

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "The node's process on this machine, for fields that the source does not report.")
    private @Nullable Integer pid;

    @Option(
            names = "--stale-after",
            paramLabel = "DURATION",
            description =
                    "Time after which values of statsd and push that are not reported again are stale (default: two windows).")
    private @Nullable Duration staleAfter;

    @Option(
            names = "--gone-after",
            paramLabel = "DURATION",
            description =
                    "Time after which a node without new values is no longer reported (default: the TTL; statsd, push: five windows).")
    private @Nullable Duration goneAfter;

    private final Map<String, Kind> kinds = new TreeMap<>(Map.of(
            "self",
            this::self,
            "centrifugo",
            this::centrifugo,
            "prometheus",
            this::prometheus,
            "statsd",
            this::statsd,
            "push",
            this::push,
            "otlp",
            this::otlp));

    /**
     * Returns the source that was asked for.
     *
     * @param name the node's; null for the source's own default
     * @throws IllegalArgumentException naming the invalid setting
     */
    NodeSource open(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        Kind kind = kinds.get(source);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "source: '" + source + "' (expected: one of " + String.join(", ", kinds.keySet()) + ")");
        }
        SettingErrors errors = new SettingErrors();
        if (command != null) {
            SourceScope.check(new GivenSettings(command), source, errors);
        }
        errors.require(pid == null || pid > 0, () -> "pid: " + pid + " (expected: the id of a process, at least 1)");
        Optional<NodeSource> opened =
                errors.valueOr(() -> Optional.of(kind.open(settings, name, recorder)), Optional.empty());
        errors.throwIfAny();
        return opened.orElseThrow();
    }

    private NodeSource self(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        return new JvmSource(
                settings.uid(), settings.name(), recorder, HostGauges.NONE, new ProcessSampler(), System::nanoTime);
    }

    private NodeSource centrifugo(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        ScrapeSettings scraped = scrape.settings(
                command,
                settings,
                goneAfter(settings),
                "of a Centrifugo's metrics, e.g. http://127.0.0.1:8000/metrics");
        return CentrifugoSource.of(
                scraped,
                name,
                watching(probe(scraped)),
                centrifugo.serverApi(command, scraped),
                centrifugo.refreshProxy(scraped));
    }

    private NodeSource prometheus(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        String file = requiredMapping();
        ScrapeSettings program = scrape.settings(
                command, settings, goneAfter(settings), "of the metrics, e.g. http://127.0.0.1:9601/metrics");
        return PrometheusSource.of(program, file, name, watching(probe(program)));
    }

    private ProcessProbe probe(ScrapeSettings scraped) {
        return pid != null
                ? OshiProbe.ofPid(pid)
                : scraped.isLocal() ? OshiProbe.ofListener(scraped.port()) : ProcessProbe.NONE;
    }

    private NodeSource statsd(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        SettingErrors errors = new SettingErrors();
        InetSocketAddress address = address(errors);
        String octal = socketMode;
        Set<PosixFilePermission> mode = octal == null
                ? StatsdSettings.DEFAULT_SOCKET_MODE
                : errors.valueOr(() -> StatsdSettings.mode(octal), StatsdSettings.DEFAULT_SOCKET_MODE);
        Path names = mapping == null ? null : Path.of(mapping);
        Optional<NodeSource> statsd = errors.valueOr(
                () -> Optional.of(new StatsdSource(
                        new StatsdSettings(address, socket, mode, names, staleAfter(settings), goneAfter(settings)),
                        settings.uid(),
                        name,
                        recorder,
                        watching(pidProbe()),
                        pid != null)),
                Optional.empty());
        errors.throwIfAny();
        return statsd.orElseThrow();
    }

    private NodeSource push(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        SettingErrors errors = new SettingErrors();
        Optional<PushSettings> push = pushSettings(settings, "127.0.0.1:7023", errors);
        errors.throwIfAny();
        return new PushSource(push.orElseThrow(), settings.uid(), name, watching(pidProbe()), pid != null);
    }

    private NodeSource otlp(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        SettingErrors errors = new SettingErrors();
        Optional<PushSettings> push = pushSettings(settings, "127.0.0.1:4318", errors);
        String file = errors.valueOr(this::requiredMapping, "");
        errors.throwIfAny();
        return new OtlpSource(push.orElseThrow(), file, name, watching(pidProbe()));
    }

    private String requiredMapping() {
        if (mapping == null) {
            throw new IllegalArgumentException(
                    "mapping: missing (expected: a file, or one of micrometer, nats, opentelemetry, socketio, soketi)");
        }
        return mapping;
    }

    private Optional<PushSettings> pushSettings(PublishSettings settings, String example, SettingErrors errors) {
        InetSocketAddress given = address(errors);
        errors.require(given != null, () -> "listen: missing (expected: where to take pushes, e.g. " + example + ")");
        InetSocketAddress address = Objects.requireNonNullElse(given, ANY_PORT);
        return pushes.settings(command, address, staleAfter(settings), goneAfter(settings), errors);
    }

    /** Returns the address to listen on; if it is invalid, records that error and returns another one. */
    private @Nullable InetSocketAddress address(SettingErrors errors) {
        String given = listen;
        return given == null ? null : errors.valueOr(() -> address(given), ANY_PORT);
    }

    private static InetSocketAddress address(String listen) {
        InetSocketAddress address = ListenAddress.parse(listen);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "listen: " + address.getHostString() + " does not resolve (expected: an address of this machine)");
        }
        return address;
    }

    /** Returns the effective defaults of the settings that were not given for this source, by name. */
    Map<String, Duration> computed(PublishSettings settings) {
        return switch (source) {
            case "self" -> Map.of();
            case "centrifugo", "prometheus" ->
                Map.of("source-timeout", scrape.timeout(settings), "gone-after", goneAfter(settings));
            default -> Map.of("stale-after", staleAfter(settings), "gone-after", goneAfter(settings));
        };
    }

    private Duration staleAfter(PublishSettings settings) {
        return Objects.requireNonNullElseGet(
                staleAfter, () -> settings.metricsInterval().multipliedBy(2));
    }

    private Duration goneAfter(PublishSettings settings) {
        return Objects.requireNonNullElseGet(
                goneAfter,
                () -> source.equals("centrifugo") || source.equals("prometheus")
                        ? settings.ttl()
                        : settings.metricsInterval().multipliedBy(5));
    }

    private ProcessProbe pidProbe() {
        return pid == null ? ProcessProbe.NONE : OshiProbe.ofPid(pid);
    }

    private static OtherProcess watching(ProcessProbe probe) {
        return new OtherProcess(probe, InstantSource.system(), System::nanoTime);
    }
}
