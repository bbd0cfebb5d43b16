// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.agent.source.centrifugo.refresh.RefreshProxy;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.NodeLife;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedNode;
import io.tacho.agent.source.scrape.WindowMetrics;
import io.tacho.concurrent.Failures;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import io.tacho.sketch.Encoded;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The identity of a scraped Centrifugo, and its fields. */
final class CentrifugoNode implements ScrapedNode {

    private static final int MAX_VERSION_LENGTH = 64;
    private static final double MILLIS_PER_SECOND = 1e3;

    /** Counters that only a restart decreases. */
    private static final List<Function<Scrape, OptionalDouble>> COUNTERS = List.of(
            scrape -> scrape.process("process_cpu_seconds_total"),
            scrape -> scrape.sum("transport_messages_sent"),
            scrape -> scrape.sum("node_messages_sent_count"),
            CommandTimes.API::totalCount,
            CommandTimes.CLIENT::totalCount);

    private static final List<String> TOTALS = List.of(
            "node_messages_sent_count",
            "transport_messages_sent",
            "transport_messages_received_size",
            "transport_messages_sent_size",
            CommandTimes.API.summary() + "_count",
            CommandTimes.API.summary() + "_sum",
            CommandTimes.CLIENT.summary() + "_count",
            CommandTimes.CLIENT.summary() + "_sum");

    private static final Logger logger = LoggerFactory.getLogger(CentrifugoNode.class);

    private final @Nullable String givenName;
    private final String name;
    private final List<String> expectedNames;
    private final @Nullable ServerApi api;
    private final @Nullable RefreshProxy proxy;
    private final OptionalDouble machineProcessors;
    private final OtherProcess process;
    private final NodeLife life;

    /** As the server API reports it; null if it does not. */
    private volatile @Nullable NodeIdentity identity;

    /**
     * Creates the node at a URL.
     *
     * @param name null for {@code host_port}
     * @param process observes what the metrics do not contain
     * @param api reports uid and name; null if there is none
     * @param proxy knows the connected users; null if there is none
     */
    CentrifugoNode(
            ScrapeSettings settings,
            @Nullable String name,
            ProcessSampler machine,
            OtherProcess process,
            @Nullable ServerApi api,
            @Nullable RefreshProxy proxy) {
        this.api = api;
        this.proxy = proxy;
        givenName = name;
        String host = settings.isLocal() ? ProcessSampler.host() : settings.host();
        life = new NodeLife(
                "centrifugo " + host + ":" + settings.port() + settings.url().getRawPath(),
                CentrifugoNode::started,
                (before, now) -> COUNTERS.stream().anyMatch(counter -> NodeLife.hasDecreased(counter, before, now)));
        this.name = name == null ? host + "_" + settings.port() : name;
        // metrics may have a port of their own
        expectedNames = api == null ? List.of() : List.of(this.name, host + "_" + api.port());
        machineProcessors =
                settings.isLocal() ? OptionalDouble.of((double) machine.machineProcessors()) : OptionalDouble.empty();
        this.process = process;
    }

    @Override
    public void start() {
        if (proxy != null) {
            proxy.start();
        }
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Override
    public String program() {
        return "Centrifugo";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String version(Scrape scrape) {
        String version = scrape.label("node_build", "version");
        boolean valid = version != null
                && !version.isEmpty()
                && version.length() <= MAX_VERSION_LENGTH
                && version.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
        return valid ? version : null;
    }

    @Override
    public CompletionStage<Void> prepare(@Nullable Scrape before, Scrape now) {
        OptionalDouble start = started(now);
        if (api == null || start.isEmpty() || (before != null && !life.wasRestarted(before, now))) {
            return CompletableFuture.completedFuture(null);
        }
        identity = null;
        double sent = nowSeconds();
        return api.info().handle((info, failure) -> {
            identity = info == null ? unknown(failure) : find(info, sent, start.getAsDouble());
            return null;
        });
    }

    private static double nowSeconds() {
        return InstantSource.system().millis() / MILLIS_PER_SECOND;
    }

    private @Nullable NodeIdentity find(String info, double sent, double start) {
        try {
            NodeIdentity found = NodeIdentity.find(info, sent, nowSeconds(), start, expectedNames);
            return found == null ? unknown(new IllegalArgumentException("none of its nodes, or several")) : found;
        } catch (IllegalArgumentException e) {
            return unknown(e);
        }
    }

    private @Nullable NodeIdentity unknown(Throwable failure) {
        logger.warn("info does not report uid and name of {}, using its own: {}", name, Failures.message(failure));
        return null;
    }

    @Override
    public boolean isAnother(Scrape before, Scrape now) {
        return life.isAnother(before, now);
    }

    @Override
    public WindowMetrics window(Increase increase, double elapsedSeconds) {
        return CentrifugoWindow.of(increase, elapsedSeconds);
    }

    @Override
    public NodeState state(Scrape scrape, WindowMetrics window, boolean stale) {
        OptionalDouble started = first(started(scrape), process.startedAtSeconds());
        SnapshotBuilder snapshot = snapshot(scrape)
                .set(Field.NUM_GOROUTINE, first(scrape.process("go_goroutines"), process.threads()))
                .set(
                        Field.NUM_CLIENTS,
                        first(scrape.sum("node_num_clients"), scrape.sum("client_connections_inflight")))
                .set(Field.NUM_UNIQUE_CLIENTS, scrape.sum("node_num_users"))
                .set(Field.NUM_CHANNELS, scrape.sum("node_num_channels"))
                // a start is never in the future: rounded down
                .set(
                        Field.STARTED_AT,
                        started.isPresent() ? OptionalDouble.of(Math.floor(started.getAsDouble())) : started)
                .set(Field.GOMAXPROCS, scrape.process("go_sched_gomaxprocs_threads"))
                .set(Field.NUM_CPU, machineProcessors)
                .set(Field.MEMORY_SYS, first(scrape.process("go_memstats_sys_bytes"), process.residentBytes()))
                .set(Field.CPU_USAGE, first(window.cpuUsage(), processCpuUsage(scrape)))
                .set(window.recorded())
                .flag(window.quality());
        flagEstimate(snapshot, RequestKind.API, window.recorded().api().histogram());
        flagEstimate(snapshot, RequestKind.CLIENT, window.recorded().client().histogram());
        if (stale) {
            snapshot.flagStale();
        }
        return new NodeState(
                snapshot.snapshot(),
                window.recorded(),
                version(scrape),
                Map.of(),
                snapshot.quality(),
                totals(scrape),
                proxy == null ? null : proxy.users(scrape.sum("node_num_users")),
                null,
                CentrifugoExtras.gauges(scrape));
    }

    private SnapshotBuilder snapshot(Scrape scrape) {
        NodeIdentity known = identity;
        return known == null
                ? new SnapshotBuilder(life.uid(scrape), name)
                : new SnapshotBuilder(known.uid(), givenName == null ? known.name() : givenName);
    }

    private static void flagEstimate(SnapshotBuilder snapshot, RequestKind kind, @Nullable Encoded<?> times) {
        if (times != null) {
            snapshot.flagHistogram(kind, Quality.CLOSE);
        }
    }

    @Override
    public boolean hasProcessMetrics(Scrape scrape) {
        return scrape.process("go_goroutines").isPresent()
                && scrape.process("go_memstats_sys_bytes").isPresent()
                && scrape.process("process_cpu_seconds_total").isPresent()
                && started(scrape).isPresent();
    }

    /** Returns the observed CPU usage; empty if the metrics contain the CPU time, which is known from the first window on. */
    private OptionalDouble processCpuUsage(Scrape scrape) {
        return scrape.process("process_cpu_seconds_total").isPresent() ? OptionalDouble.empty() : process.cpuUsage();
    }

    private static OptionalDouble started(Scrape scrape) {
        return scrape.process("process_start_time_seconds");
    }

    private static OptionalDouble first(OptionalDouble value, OptionalDouble otherwise) {
        return value.isPresent() ? value : otherwise;
    }

    /** Returns the totals; null if one of them is unreadable: a total of 0 would look like a restart. */
    private static @Nullable NodeTotals totals(Scrape scrape) {
        if (TOTALS.stream().anyMatch(scrape::isUnreadable)) {
            return null;
        }
        long sent = total(scrape.sum("transport_messages_sent"));
        return new NodeTotals(
                total(scrape.sum("node_messages_sent_count", CentrifugoWindow::isPublication)),
                sent,
                sent,
                total(ApiRequests.total(scrape)),
                total(CommandTimes.CLIENT.totalCount(scrape)),
                total(scrape.sum("transport_messages_received_size")),
                total(scrape.sum("transport_messages_sent_size")),
                WindowMetrics.nanos(CommandTimes.API.totalSeconds(scrape).orElse(0)),
                WindowMetrics.nanos(CommandTimes.CLIENT.totalSeconds(scrape).orElse(0)));
    }

    private static long total(OptionalDouble value) {
        return Math.min(NodeSnapshot.MAX_VALUE, CentrifugoWindow.count(value.orElse(0)));
    }
}
