// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The series of one process, up to a number. Deltas are added up over all attributes that the form does not distinguish, so that
 * attributes with many values need no further series. Gauges that are no longer pushed are released when a new series needs their
 * place. A cumulative series is kept: its total would count again if it was pushed later.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class OtlpTable {

    /** The largest number of series. */
    static final int MAX_SERIES = 10_000;

    private static final double NANOS = 1e9;
    private static final long RESTART_NANOS = 5_000_000_000L;

    private record Key(String name, Map<String, String> labels) {}

    private final ScrapeForm form;
    private final long releaseNanos;
    private final LongSupplier nanoTime;
    private final Map<Key, OtlpSeries> series = new HashMap<>();
    private final Map<Key, Long> starts = new HashMap<>();

    /** When each gauge was pushed last. */
    private final Map<Key, Long> gauges = new HashMap<>();

    /** The deltas that were added last, by all of their attributes. */
    private final Map<Key, OtlpRepeats> deltas = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, OtlpRepeats> eldest) {
            return size() > MAX_SERIES;
        }
    };

    /** When a data point of a metric of the form was rejected last. */
    private final Map<String, Long> rejected = new HashMap<>();

    private long releasedNanos;
    private double startedSeconds;
    private boolean hasStart;

    /**
     * Creates an empty table.
     *
     * @param releaseAfter the time without a push after which a gauge may be released
     */
    OtlpTable(ScrapeForm form, Duration releaseAfter, LongSupplier nanoTime) {
        this.form = form;
        releaseNanos = releaseAfter.toNanos();
        this.nanoTime = nanoTime;
        releasedNanos = nanoTime.getAsLong() - releaseNanos;
    }

    /** Discards all series. */
    void clear() {
        series.clear();
        starts.clear();
        gauges.clear();
        deltas.clear();
        rejected.clear();
        hasStart = false;
    }

    /**
     * Returns whether a delta was not added before.
     *
     * @param time of the data point, UNIX nanoseconds; 0 if it is unknown
     * @param scope that recorded it
     * @param push its number
     */
    boolean isNew(String name, List<KeyValue> attributes, long time, String scope, long push) {
        return time == 0
                || deltas.computeIfAbsent(new Key(name, labels(attributes)), first -> new OtlpRepeats())
                        .isNew(time, scope, push);
    }

    /** Returns the series to which a delta is added; null if there are too many. */
    @Nullable
    OtlpSeries ofDelta(String name, List<KeyValue> attributes, long start) {
        Map<String, String> labels = labels(attributes);
        labels.keySet().retainAll(form.labels());
        return find(new Key(name, labels), start);
    }

    /** Returns the series of a gauge; null if there are too many. */
    @Nullable
    OtlpSeries ofGauge(String name, List<KeyValue> attributes, long start) {
        Key key = new Key(name, labels(attributes));
        OtlpSeries found = find(key, start);
        if (found != null) {
            gauges.put(key, nanoTime.getAsLong());
        }
        return found;
    }

    /**
     * Returns the series of a total; null if there are too many. A total with a later start that is lower is of another process:
     * then all series are discarded.
     */
    @Nullable
    OtlpSeries ofTotal(String name, List<KeyValue> attributes, long start, double value) {
        Key key = new Key(name, labels(attributes));
        OtlpSeries known = series.get(key);
        if (known != null && start - starts.getOrDefault(key, start) > RESTART_NANOS && value < known.value()) {
            clear();
        }
        return find(key, start);
    }

    private @Nullable OtlpSeries find(Key key, long start) {
        OtlpSeries known = series.get(key);
        if (known == null) {
            if (series.size() >= MAX_SERIES && !release()) {
                return null;
            }
            known = new OtlpSeries();
            series.put(key, known);
            starts.put(key, start);
        }
        if (!hasStart && start > 0) {
            hasStart = true;
            startedSeconds = start / NANOS;
        }
        return known;
    }

    /** Releases gauges; at most ten times in the time until they may be, because it looks at all of them. */
    private boolean release() {
        long now = nanoTime.getAsLong();
        if (now - releasedNanos < releaseNanos / 10) {
            return false;
        }
        releasedNanos = now;
        return gauges.entrySet().removeIf(gauge -> {
            boolean old = now - gauge.getValue() > releaseNanos;
            if (old) {
                series.remove(gauge.getKey());
                starts.remove(gauge.getKey());
            }
            return old;
        });
    }

    /** Records that a data point was rejected: until that is long ago, the metric is incomplete. */
    void reject(String name) {
        // other names would not be bounded
        if (form.wanted().contains(name)) {
            rejected.put(name, nanoTime.getAsLong());
        }
    }

    private static Map<String, String> labels(List<KeyValue> attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach(attribute -> labels.put(OtlpMetrics.name(attribute.getKey()), text(attribute.getValue())));
        return labels;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> "";
        };
    }

    /** Writes the samples that a scrape of the program would have. */
    void write(Scrape.Builder scrape) {
        series.forEach((key, of) -> of.write(scrape, key.name(), key.labels()));
        if (hasStart) {
            scrape.add("process_start_time_seconds", Labels.of(Map.of()), startedSeconds);
        }
        long now = nanoTime.getAsLong();
        rejected.values().removeIf(at -> now - at > releaseNanos);
        rejected.keySet().forEach(scrape::addIncomplete);
    }
}
