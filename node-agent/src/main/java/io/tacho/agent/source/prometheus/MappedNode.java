// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.agent.source.prometheus.MetricExpression.Term;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.NodeLife;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedNode;
import io.tacho.agent.source.scrape.WindowMetrics;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The identity and the fields of a node whose metrics are defined by a mapping. */
final class MappedNode implements ScrapedNode {

    private static final int MAX_VERSION_LENGTH = 64;

    private final Mapping mapping;
    private final String name;
    private final NodeLife life;
    private final MappedCounters counters;

    private final OptionalDouble machineProcessors;
    private final OtherProcess process;

    /**
     * The node at a URL.
     *
     * @param name null for {@code host_port}
     * @param process observes what the metrics do not contain
     */
    MappedNode(
            Mapping mapping,
            ScrapeSettings settings,
            @Nullable String name,
            ProcessSampler machine,
            OtherProcess process) {
        this.mapping = mapping;
        this.process = process;
        counters = new MappedCounters(mapping);
        String host = settings.isLocal() ? ProcessSampler.host() : settings.host();
        this.name = name == null ? host + "_" + settings.port() : name;
        machineProcessors =
                settings.isLocal() ? OptionalDouble.of((double) machine.machineProcessors()) : OptionalDouble.empty();
        life = new NodeLife(
                "prometheus " + host + ":" + settings.port() + settings.url().getRawPath(),
                this::started,
                counters::hasDecreased);
    }

    private OptionalDouble started(Scrape scrape) {
        return first(mapped(Field.STARTED_AT, scrape), scrape.process("process_start_time_seconds"));
    }

    private OptionalDouble mapped(Field field, Scrape scrape) {
        MetricExpression expression = mapping.fields().get(field);
        return expression == null ? OptionalDouble.empty() : expression.value(scrape);
    }

    private static OptionalDouble first(OptionalDouble... values) {
        for (OptionalDouble value : values) {
            if (value.isPresent()) {
                return value;
            }
        }
        return OptionalDouble.empty();
    }

    @Override
    public String program() {
        return mapping.program();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String version(Scrape scrape) {
        Mapping.LabelValue label = mapping.version();
        String version = label == null ? null : scrape.label(label.metric(), label.label());
        return version == null || version.isEmpty() || version.length() > MAX_VERSION_LENGTH ? null : version;
    }

    @Override
    public boolean hasProcessMetrics(Scrape scrape) {
        return started(scrape).isPresent()
                && first(mapped(Field.MEMORY_SYS, scrape), scrape.process("process_resident_memory_bytes"))
                        .isPresent()
                && first(mapped(Field.NUM_GOROUTINE, scrape), scrape.process("go_goroutines"))
                        .isPresent()
                && (mapping.fields().containsKey(Field.CPU_USAGE)
                        || cpuSeconds(scrape).isPresent());
    }

    private OptionalDouble cpuSeconds(Scrape scrape) {
        MetricExpression expression = mapping.cpuSeconds();
        return expression == null ? scrape.process("process_cpu_seconds_total") : expression.value(scrape);
    }

    @Override
    public boolean isAnother(Scrape before, Scrape now) {
        counters.observe(process.startedAtSeconds());
        boolean another = life.isAnother(before, now);
        if (another) {
            counters.clear();
        }
        return another;
    }

    @Override
    public WindowMetrics window(Increase increase, double elapsedSeconds) {
        OptionalDouble from = cpuSeconds(increase.before());
        OptionalDouble to = cpuSeconds(increase.now());
        boolean known = from.isPresent() && to.isPresent() && to.getAsDouble() >= from.getAsDouble();
        OptionalDouble cpuUsage = known && elapsedSeconds > 0
                ? OptionalDouble.of(100 * (to.getAsDouble() - from.getAsDouble()) / elapsedSeconds)
                : OptionalDouble.empty();
        MappedWindow window = new MappedWindow(mapping, increase);
        return new WindowMetrics(window.recorded(), cpuUsage, window.quality());
    }

    @Override
    public NodeState state(Scrape scrape, WindowMetrics window, boolean stale) {
        OptionalDouble started = first(started(scrape), process.startedAtSeconds());
        SnapshotBuilder snapshot = new SnapshotBuilder(life.uid(scrape), name)
                .set(
                        Field.NUM_GOROUTINE,
                        first(mapped(Field.NUM_GOROUTINE, scrape), scrape.process("go_goroutines"), process.threads()))
                .set(Field.NUM_CLIENTS, mapped(Field.NUM_CLIENTS, scrape))
                .set(Field.NUM_UNIQUE_CLIENTS, mapped(Field.NUM_UNIQUE_CLIENTS, scrape))
                .set(Field.NUM_CHANNELS, mapped(Field.NUM_CHANNELS, scrape))
                // a start is never in the future: rounded down
                .set(
                        Field.STARTED_AT,
                        started.isPresent() ? OptionalDouble.of(Math.floor(started.getAsDouble())) : started)
                .set(
                        Field.GOMAXPROCS,
                        first(mapped(Field.GOMAXPROCS, scrape), scrape.process("go_sched_gomaxprocs_threads")))
                .set(Field.NUM_CPU, first(mapped(Field.NUM_CPU, scrape), machineProcessors))
                .set(
                        Field.MEMORY_SYS,
                        first(
                                mapped(Field.MEMORY_SYS, scrape),
                                scrape.process("process_resident_memory_bytes"),
                                process.residentBytes()))
                .set(Field.CPU_USAGE, cpuUsage(scrape, window))
                .set(window.recorded())
                .flag(window.quality());
        flag(snapshot, scrape);
        if (window.recorded().api().histogram() != null) {
            snapshot.flagHistogram(RequestKind.API, Quality.CLOSE);
        }
        if (window.recorded().client().histogram() != null) {
            snapshot.flagHistogram(RequestKind.CLIENT, Quality.CLOSE);
        }
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
                null,
                null,
                extras(scrape));
    }

    private OptionalDouble cpuUsage(Scrape scrape, WindowMetrics window) {
        if (mapping.fields().containsKey(Field.CPU_USAGE)) {
            return mapped(Field.CPU_USAGE, scrape);
        }
        // known from the first window on
        return cpuSeconds(scrape).isPresent() ? window.cpuUsage() : process.cpuUsage();
    }

    private void flag(SnapshotBuilder snapshot, Scrape scrape) {
        mapping.quality().forEach((field, quality) -> {
            if (snapshot.isAvailable(field)) {
                snapshot.flag(field, quality);
            }
        });
        mapping.incomplete(scrape).stream()
                .filter(snapshot::isAvailable)
                .forEach(field -> snapshot.flag(field, Quality.CLOSE));
    }

    private Extras extras(Scrape scrape) {
        Map<String, Extra> extras = new TreeMap<>();
        mapping.extras().forEach((extraName, extra) -> {
            Extra current = extra.current(scrape);
            if (current != null) {
                extras.put(extraName, current);
            }
        });
        return new Extras(extras);
    }

    private boolean hasCompleteTotals(Scrape scrape) {
        return mapping.fields().entrySet().stream()
                        .filter(mapped -> mapped.getKey().kind() == Kind.COUNTER)
                        .allMatch(mapped -> mapped.getValue().isComplete(scrape))
                && mapping.times().values().stream()
                        .allMatch(times -> scrape.isComplete(times.metric() + "_count", times.labels())
                                && scrape.isComplete(times.metric() + "_sum", times.labels()));
    }

    /** Returns the totals; null if one of them is unreadable: a total of 0 would look like a restart. */
    private @Nullable NodeTotals totals(Scrape scrape) {
        if (!hasCompleteTotals(scrape)) {
            return null;
        }
        return NodeTotals.of(total -> {
            for (RequestKind kind : RequestKind.values()) {
                Term times = mapping.times().get(kind);
                if (times != null && total.wireName().equals(kind.sumName())) {
                    OptionalDouble sum = scrape.sum(times.metric() + "_sum", times.labels());
                    return WindowMetrics.nanos(sum.orElse(0) * times.factor());
                }
                if (times != null
                        && total.wireName().equals(kind.count().wireName())
                        && !mapping.fields().containsKey(kind.count())) {
                    return bounded(scrape.sum(times.metric() + "_count", times.labels()));
                }
            }
            Field field = Field.of(total.wireName());
            MetricExpression expression =
                    field == null ? null : mapping.fields().get(field);
            return expression == null ? 0 : bounded(counters.total(expression, scrape));
        });
    }

    private static long bounded(OptionalDouble value) {
        return Math.max(0, Math.min(Math.round(value.orElse(0)), NodeSnapshot.MAX_VALUE));
    }
}
