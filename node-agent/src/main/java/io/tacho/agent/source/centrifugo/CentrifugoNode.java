// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a scraped Centrifugo, and its state.
 *
 * <p>Thread safety: one caller at a time.
 */
final class CentrifugoNode {

    private static final int MAX_VERSION_LENGTH = 64;

    /** The reported start moves by up to a second while the machine's clock is adjusted. */
    private static final double MAX_DRIFT_SECONDS = 5;

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

    private final String name;
    private final String address;
    private final OptionalDouble machineProcessors;
    private final OtherProcess process;

    /** The start of the node as first reported, or a random id if it is not reported; changes with a restart. */
    private @Nullable String life;

    /**
     * The node at a URL.
     *
     * @param name null for {@code host_port}
     * @param process observes what the metrics do not contain
     */
    CentrifugoNode(CentrifugoSettings settings, @Nullable String name, ProcessSampler machine, OtherProcess process) {
        String host = settings.isLocal() ? ProcessSampler.host() : settings.host();
        address = host + ":" + settings.port() + settings.url().getRawPath();
        this.name = name == null ? host + "_" + settings.port() : name;
        machineProcessors =
                settings.isLocal() ? OptionalDouble.of((double) machine.machineProcessors()) : OptionalDouble.empty();
        this.process = process;
    }

    String name() {
        return name;
    }

    /** Returns the version of the node; null if it does not report it. */
    static @Nullable String version(Scrape scrape) {
        String version = scrape.label("node_build", "version");
        boolean valid = version != null
                && !version.isEmpty()
                && version.length() <= MAX_VERSION_LENGTH
                && version.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
        return valid ? version : null;
    }

    /**
     * Returns whether the node was restarted between two scrapes: its start moved by more than a drift of the clock, or moved
     * and counters decreased.
     */
    boolean isAnother(Scrape before, Scrape now) {
        OptionalDouble from = started(before);
        OptionalDouble to = started(now);
        double moved =
                from.isPresent() && to.isPresent() ? Math.abs(to.getAsDouble() - from.getAsDouble()) : Double.MIN_VALUE;
        boolean again = moved > MAX_DRIFT_SECONDS || (moved > 0 && hasDecreased(before, now));
        if (again) {
            life = null;
        }
        return again;
    }

    private static boolean hasDecreased(Scrape before, Scrape now) {
        return COUNTERS.stream().anyMatch(counter -> {
            OptionalDouble from = counter.apply(before);
            OptionalDouble to = counter.apply(now);
            return from.isPresent() && to.isPresent() && to.getAsDouble() < from.getAsDouble();
        });
    }

    private static OptionalDouble started(Scrape scrape) {
        return scrape.process("process_start_time_seconds");
    }

    /**
     * Returns a uid that is the same while the node runs, also after a restart of the agent: derived from the node's address
     * and its start.
     */
    private String uid(Scrape scrape) {
        return UUID.nameUUIDFromBytes(("centrifugo " + address + " " + life(scrape)).getBytes(UTF_8))
                .toString();
    }

    private String life(Scrape scrape) {
        if (life == null) {
            OptionalDouble started = started(scrape);
            life = started.isPresent()
                    ? BigDecimal.valueOf(started.getAsDouble())
                            .stripTrailingZeros()
                            .toPlainString()
                    : UUID.randomUUID().toString();
        }
        return life;
    }

    /** Returns the totals of this run of the node; null if one of them, or its start, is unknown. */
    @Nullable
    ProcessTotals processTotals(Scrape scrape) {
        NodeTotals totals = totals(scrape);
        return totals == null || started(scrape).isEmpty() ? null : new ProcessTotals(life(scrape), totals);
    }

    /**
     * Returns the state of the node after a scrape.
     *
     * @param stale whether a later scrape failed
     */
    NodeState state(Scrape scrape, WindowMetrics window, boolean stale) {
        OptionalDouble started = first(started(scrape), process.startedAtSeconds());
        SnapshotBuilder snapshot = new SnapshotBuilder(uid(scrape), name)
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
        if (stale) {
            snapshot.flagStale();
        }
        return new NodeState(
                snapshot.snapshot(), window.recorded(), version(scrape), Map.of(), snapshot.quality(), totals(scrape));
    }

    /** Returns whether the metrics contain threads, memory, CPU time and start. */
    static boolean hasProcessMetrics(Scrape scrape) {
        return scrape.process("go_goroutines").isPresent()
                && scrape.process("go_memstats_sys_bytes").isPresent()
                && scrape.process("process_cpu_seconds_total").isPresent()
                && started(scrape).isPresent();
    }

    /** Returns the observed CPU usage; empty if the metrics contain the CPU time, which is known from the first window on. */
    private OptionalDouble processCpuUsage(Scrape scrape) {
        return scrape.process("process_cpu_seconds_total").isPresent() ? OptionalDouble.empty() : process.cpuUsage();
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
                total(scrape.sum("node_messages_sent_count", WindowMetrics::isPublication)),
                sent,
                sent,
                total(CommandTimes.API.totalCount(scrape)),
                total(CommandTimes.CLIENT.totalCount(scrape)),
                total(scrape.sum("transport_messages_received_size")),
                total(scrape.sum("transport_messages_sent_size")),
                WindowMetrics.nanos(CommandTimes.API.totalSeconds(scrape).orElse(0)),
                WindowMetrics.nanos(CommandTimes.CLIENT.totalSeconds(scrape).orElse(0)));
    }

    private static long total(OptionalDouble value) {
        return Math.min(NodeSnapshot.MAX_VALUE, WindowMetrics.count(value.orElse(0)));
    }
}
