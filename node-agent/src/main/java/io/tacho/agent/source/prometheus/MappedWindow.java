// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.prometheus.MetricExpression.Term;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.WindowMetrics;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import io.tacho.sketch.DurationHistogram;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the fields of a window by a mapping.
 *
 * <p>Thread safety: confined to one thread.
 */
final class MappedWindow {

    private static final double NANOS = 1e9;

    private final Mapping mapping;
    private final Increase increase;
    private final Map<Field, Long> numbers = new EnumMap<>(Field.class);
    private final Map<Field, Quality> quality = new EnumMap<>(Field.class);
    private final Map<RequestKind, Long> nanos = new EnumMap<>(RequestKind.class);
    private final RecordedInterval recorded;

    MappedWindow(Mapping mapping, Increase increase) {
        this.mapping = mapping;
        this.increase = increase;
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Kind.COUNTER) {
                MetricExpression expression = mapping.fields().get(field);
                set(field, expression == null ? OptionalDouble.empty() : expression.increase(increase));
            }
        }
        DurationHistogram api = addTimes(RequestKind.API);
        DurationHistogram client = addTimes(RequestKind.CLIENT);
        recorded = RecordedInterval.of(
                        numbers, nanos.getOrDefault(RequestKind.API, 0L), nanos.getOrDefault(RequestKind.CLIENT, 0L))
                .with(api, client, extras());
    }

    RecordedInterval recorded() {
        return recorded;
    }

    Map<Field, Quality> quality() {
        return quality;
    }

    private void set(Field field, OptionalDouble value) {
        numbers.put(field, Math.round(value.orElse(0)));
        if (value.isEmpty()) {
            quality.put(field, Quality.UNAVAILABLE);
        }
    }

    private @Nullable DurationHistogram addTimes(RequestKind kind) {
        Term times = mapping.times().get(kind);
        boolean known = times != null
                && increase.isComplete(times.metric() + "_count", times.labels())
                && increase.isComplete(times.metric() + "_sum", times.labels());
        if (times == null || !known) {
            set(kind.mean(), OptionalDouble.empty());
            set(kind.max(), OptionalDouble.empty());
            return null;
        }
        double count = increase.of(times.metric() + "_count", times.labels());
        double seconds = increase.of(times.metric() + "_sum", times.labels()) * times.factor();
        if (!mapping.fields().containsKey(kind.count())) {
            quality.remove(kind.count());
            set(kind.count(), OptionalDouble.of(count));
        }
        nanos.put(kind, WindowMetrics.nanos(seconds));
        set(kind.mean(), OptionalDouble.of(count > 0 ? seconds * NANOS / count : 0));
        DurationHistogram durations = increase.durations(times.metric(), times.labels(), times.factor());
        OptionalDouble longest = durations != null
                ? OptionalDouble.of((double) durations.max())
                : count > 0 ? longest(times) : OptionalDouble.of(0);
        set(kind.max(), longest);
        if (longest.isPresent()) {
            quality.put(kind.max(), Quality.BOUND);
        }
        return durations;
    }

    /** Returns the longest duration, nanoseconds, if there is no histogram: a gauge of the maximum, or a summary's quantile. */
    private OptionalDouble longest(Term times) {
        OptionalDouble max = increase.now().own(times.metric() + "_max").entrySet().stream()
                .filter(series -> times.labels().test(series.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .filter(Double::isFinite)
                .max();
        if (max.isEmpty()) {
            String highest = increase.now().own(times.metric()).keySet().stream()
                    .map(labels -> labels.get("quantile"))
                    .filter(quantile -> quantile != null)
                    .max(Comparator.comparingDouble(MappedWindow::number))
                    .orElse("1");
            max = increase.highestQuantile(times.metric(), highest, times.labels());
        }
        return max.isPresent() ? OptionalDouble.of(max.getAsDouble() * times.factor() * NANOS) : max;
    }

    private static double number(@Nullable String text) {
        try {
            return text == null ? 0 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Extras extras() {
        Map<String, Extra> extras = new TreeMap<>();
        mapping.extras().forEach((name, extra) -> {
            Extra ofWindow = extra.ofWindow(increase);
            if (ofWindow != null) {
                extras.put(name, ofWindow);
            }
        });
        return new Extras(extras);
    }
}
