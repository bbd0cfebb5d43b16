// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.prometheus.PrometheusSource;
import io.tacho.agent.source.push.PushServer;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.scrape.MetricsReader;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.model.NodeTotals.ProcessTotals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node that pushes its metrics by OTLP. It exists from the first push on, until nothing has been pushed for a configured time.
 *
 * <p>Thread safety: safe.
 */
public final class OtlpSource implements NodeSource {

    private static final int MAX_BODY = 2 * 1024 * 1024;
    /** An exporter keeps one connection. All bodies together fit into the small heap of an agent. */
    private static final int MAX_CONNECTIONS = 8;

    private final PushSettings settings;
    private final NodeSource mapped;
    private final LongSupplier nanoTime;
    private @Nullable OtlpMetrics metrics;
    private @Nullable PushServer server;

    /**
     * Creates a source for one node.
     *
     * @param mapping a preset or a file, in the form of the Prometheus source
     * @param name the node's; null for {@code host_port}
     * @param process observes what the metrics do not contain
     * @throws IllegalArgumentException naming the invalid line of the mapping
     */
    public OtlpSource(PushSettings settings, String mapping, @Nullable String name, OtherProcess process) {
        this(settings, mapping, name, process, System::nanoTime);
    }

    OtlpSource(
            PushSettings settings, String mapping, @Nullable String name, OtherProcess process, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        mapped = PrometheusSource.of(asScraped(settings), mapping, name, process, this::reader, nanoTime);
    }

    private MetricsReader reader(ScrapeForm form) {
        metrics = new OtlpMetrics(form, settings.staleAfter(), nanoTime);
        return metrics;
    }

    /** Returns the address at which clients push as if it were scraped: it is the node's identity, and named in the log. */
    private static ScrapeSettings asScraped(PushSettings settings) {
        InetSocketAddress listen = settings.listen();
        String host = isThisMachine(listen.getAddress()) ? "localhost" : listen.getHostString();
        URI url = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + listen.getPort()
                + OtlpRequests.PATH);
        return new ScrapeSettings(url, null, null, null, null, Duration.ofSeconds(1), settings.goneAfter());
    }

    private static boolean isThisMachine(InetAddress address) {
        return address.isLoopbackAddress() || address.isAnyLocalAddress();
    }

    @Override
    public String describe() {
        return mapped.describe();
    }

    @Override
    public void start(Runnable drain) {
        server = PushServer.open(
                settings,
                OtlpRequests.PATH,
                MAX_BODY,
                MAX_CONNECTIONS,
                new OtlpRequests(settings, Objects.requireNonNull(metrics, "no reader")));
        mapped.start(drain);
    }

    /** Returns the address on which it listens. */
    InetSocketAddress address() {
        return Objects.requireNonNull(server, "not started").address();
    }

    @Override
    public CompletionStage<Void> refresh() {
        return mapped.refresh();
    }

    @Override
    public boolean endWindow() {
        return mapped.endWindow();
    }

    @Override
    public @Nullable ProcessTotals totalsAtWindowEnd() {
        return mapped.totalsAtWindowEnd();
    }

    @Override
    public void finish() {
        mapped.finish();
    }

    @Override
    public boolean isReplaced() {
        return mapped.isReplaced();
    }

    @Override
    public RecordedInterval counted(RecordedInterval recorded) {
        return mapped.counted(recorded);
    }

    @Override
    public @Nullable NodeState read(RecordedInterval recorded) {
        return mapped.read(recorded);
    }

    @Override
    public boolean isLost() {
        return mapped.isLost();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        mapped.close();
    }
}
