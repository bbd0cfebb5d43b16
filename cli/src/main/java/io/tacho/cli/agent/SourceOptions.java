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
import io.tacho.agent.source.centrifugo.CentrifugoSettings;
import io.tacho.agent.source.centrifugo.CentrifugoSource;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.push.PushSource;
import io.tacho.agent.source.statsd.StatsdSettings;
import io.tacho.agent.source.statsd.StatsdSource;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.SecretFile;
import io.tacho.tls.TrustStore;
import io.tacho.units.Durations;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options by which the program finds the source of its numbers. */
final class SourceOptions {

    /** Creates the source that the options describe. */
    private interface Kind {
        NodeSource open(PublishSettings settings, @Nullable String name, IntervalRecorder recorder);
    }

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = {
                "Where the numbers come from (default: self):",
                "self        this process",
                "centrifugo  a Centrifugo, v3 to v6, by its metrics at --url",
                "statsd      a program's StatsD client, at --listen or --socket",
                "push        PUT /node, at --listen"
            })
    private String source = "self";

    @Option(names = "--url", paramLabel = "URL", description = "The metrics, e.g. http://127.0.0.1:8000/metrics.")
    private @Nullable String url;

    @Option(
            names = "--source-user",
            paramLabel = "NAME",
            description = "User there; the password comes from TACHO_SOURCE_PASSWORD or a file.")
    private @Nullable String user;

    @Option(
            names = "--source-password-file",
            paramLabel = "PATH",
            description = "File with the password; or TACHO_SOURCE_PASSWORD in the environment.")
    private @Nullable SecretFile passwordFile;

    @Option(
            names = "--source-token-file",
            paramLabel = "PATH",
            description = "File with a bearer token; or TACHO_SOURCE_TOKEN in the environment.")
    private @Nullable SecretFile tokenFile;

    @Option(
            names = "--source-ca",
            paramLabel = "PATH",
            description = "Certificates of the CAs to trust under https, PEM (default: Java's).")
    private @Nullable Path ca;

    @Option(
            names = "--source-timeout",
            paramLabel = "DURATION",
            description = "For a whole response (default: 2s, or half a publish interval if that is shorter).")
    private @Nullable Duration timeout;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where statsd (UDP) and push (HTTP) listen; port 0 for any.")
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
            paramLabel = "PATH",
            description = "File with metric names of your own for statsd: own.name = num_clients")
    private @Nullable Path mapping;

    @Option(
            names = "--push-key-file",
            paramLabel = "PATH",
            description =
                    "File with the key that pushes must carry as X-API-Key; or TACHO_PUSH_KEY in the environment.")
    private @Nullable SecretFile keyFile;

    @Option(
            names = "--allowed-host",
            split = ",",
            paramLabel = "NAME",
            description = "Further host names by which pushes without a key may reach it (default: localhost and IP"
                    + " addresses).")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "The node's process on this machine, for fields that the source does not report.")
    private @Nullable Integer pid;

    @Option(
            names = "--stale-after",
            paramLabel = "DURATION",
            description =
                    "When numbers of statsd and push that are not reported again are stale (default: two windows).")
    private @Nullable Duration staleAfter;

    @Option(
            names = "--gone-after",
            paramLabel = "DURATION",
            description = "When a silent node is let go (default: the TTL; of statsd and push five windows).")
    private @Nullable Duration goneAfter;

    private final Map<String, Kind> kinds = new TreeMap<>(
            Map.of("self", this::self, "centrifugo", this::centrifugo, "statsd", this::statsd, "push", this::push));

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
        return kind.open(settings, name, recorder);
    }

    private NodeSource self(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        if (pid != null) {
            throw new IllegalArgumentException("pid: given with source self (expected: with another source)");
        }
        return new JvmSource(
                settings.uid(), settings.name(), recorder, HostGauges.NONE, new ProcessSampler(), System::nanoTime);
    }

    private NodeSource centrifugo(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        if (url == null) {
            throw new IllegalArgumentException(
                    "url: missing (expected: that of a Centrifugo's metrics, " + "e.g. http://127.0.0.1:8000/metrics)");
        }
        CentrifugoSettings centrifugo = new CentrifugoSettings(
                uri(url),
                user,
                SecretFile.read(command, "source-password", passwordFile),
                SecretFile.read(command, "source-token", tokenFile),
                ca == null ? null : TrustStore.context("source-ca", ca),
                timeout(settings),
                goneAfter(settings));
        if (centrifugo.timeout().compareTo(settings.publishInterval()) > 0) {
            throw new IllegalArgumentException("source-timeout: "
                    + Durations.format(centrifugo.timeout()) + " (expected: at most the publish interval, "
                    + Durations.format(settings.publishInterval()) + ")");
        }
        ProcessProbe probe = pid != null
                ? OshiProbe.ofPid(pid)
                : centrifugo.isLocal() ? OshiProbe.ofListener(centrifugo.port()) : ProcessProbe.NONE;
        return new CentrifugoSource(centrifugo, name, watching(probe));
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // its message may show a password
            throw new IllegalArgumentException("url: malformed (expected: http[s]://host[:port]/metrics)", e);
        }
    }

    private NodeSource statsd(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        StatsdSettings statsd = new StatsdSettings(
                listen == null ? null : address(listen),
                socket,
                socketMode == null ? StatsdSettings.DEFAULT_SOCKET_MODE : StatsdSettings.mode(socketMode),
                mapping,
                staleAfter(settings),
                goneAfter(settings));
        return new StatsdSource(statsd, settings.uid(), name, recorder, watching(pidProbe()), pid != null);
    }

    private NodeSource push(PublishSettings settings, @Nullable String name, IntervalRecorder recorder) {
        if (listen == null) {
            throw new IllegalArgumentException("listen: missing (expected: where to take pushes, e.g. 127.0.0.1:7023)");
        }
        PushSettings push = new PushSettings(
                address(listen),
                SecretFile.read(command, "push-key", keyFile),
                allowedHosts,
                staleAfter(settings),
                goneAfter(settings));
        return new PushSource(push, settings.uid(), name, watching(pidProbe()), pid != null);
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
            case "centrifugo" -> Map.of("source-timeout", timeout(settings), "gone-after", goneAfter(settings));
            default -> Map.of("stale-after", staleAfter(settings), "gone-after", goneAfter(settings));
        };
    }

    private Duration timeout(PublishSettings settings) {
        Duration half = settings.publishInterval().dividedBy(2);
        Duration two = Duration.ofSeconds(2);
        return timeout == null ? (half.compareTo(two) < 0 ? half : two) : timeout;
    }

    private Duration staleAfter(PublishSettings settings) {
        return Objects.requireNonNullElseGet(
                staleAfter, () -> settings.metricsInterval().multipliedBy(2));
    }

    private Duration goneAfter(PublishSettings settings) {
        return Objects.requireNonNullElseGet(
                goneAfter,
                () -> source.equals("centrifugo")
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
