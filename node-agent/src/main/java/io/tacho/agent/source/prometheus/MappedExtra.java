// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.source.prometheus.MetricExpression.Term;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An extra value of a mapping: {@code gauge a + b}, {@code gauge max a}, {@code counter c}, {@code timer t}.
 *
 * @param name of the extra value
 * @param kind of the extra value
 * @param rule by which the values of nodes are merged
 * @param expression the metrics
 */
record MappedExtra(String name, String kind, String rule, MetricExpression expression) {

    private static final Pattern FORM =
            Pattern.compile("(?:(gauge)(?:\\s+(sum|max|last))?|(counter)|(timer))\\s+(.+)", Pattern.DOTALL);

    /** @throws IllegalArgumentException naming the part that is invalid */
    static MappedExtra parse(String name, String value) {
        Extras.requireName(name);
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + value + "' (expected: gauge [sum|max|last], counter or timer, and metrics)");
        }
        MetricExpression expression = MetricExpression.parse(form.group(5));
        if (form.group(1) != null) {
            return new MappedExtra(name, Extra.GAUGE, form.group(2) == null ? Extra.SUM : form.group(2), expression);
        }
        if (form.group(3) != null) {
            return new MappedExtra(name, Extra.COUNTER, Extra.SUM, expression);
        }
        if (expression.metrics().size() != 1) {
            throw new IllegalArgumentException("'" + value + "' (expected: timer and one histogram)");
        }
        return new MappedExtra(name, Extra.TIMER, Extra.HISTOGRAM, expression);
    }

    /** Returns the current value of a gauge; null if it is not reported, or this is no gauge. */
    @Nullable
    Extra current(Scrape scrape) {
        OptionalDouble value = kind.equals(Extra.GAUGE) ? expression.value(scrape) : OptionalDouble.empty();
        return value.isPresent() ? Extra.gauge(rule, Math.round(value.getAsDouble())) : null;
    }

    /** Returns the value of a window; null if it is unknown, or this is a gauge. */
    @Nullable
    Extra ofWindow(Increase increase) {
        if (kind.equals(Extra.TIMER)) {
            Term term = expression.chosen(increase.now()).terms().get(0);
            DurationHistogram durations = increase.durations(term.metric(), term.labels(), term.factor());
            return durations == null ? null : Extra.timer(durations);
        }
        OptionalDouble total = expression.value(increase.now());
        OptionalDouble grown = expression.increase(increase);
        return kind.equals(Extra.COUNTER) && total.isPresent() && grown.isPresent()
                ? Extra.counter(Math.round(grown.getAsDouble()), Math.round(total.getAsDouble()))
                : null;
    }
}
