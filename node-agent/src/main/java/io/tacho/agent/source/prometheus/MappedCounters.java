// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.NodeLife;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.model.Field.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The counters of a node whose metrics are defined by a mapping: their totals, and whether a restart has reset them.
 *
 * <p>Thread safety: confined to one thread.
 */
final class MappedCounters {

    /** The observed start of a process is rounded to seconds. */
    private static final double MAX_DRIFT_SECONDS = 1;

    private final Mapping mapping;
    private final Map<MetricExpression, ContinuedTotal> continued = new HashMap<>();

    /** The start of the observed process at the last scrape, UNIX seconds. */
    private OptionalDouble processStart = OptionalDouble.empty();

    /** By how much it has moved since the scrape before; empty if it is unknown. */
    private OptionalDouble processMoved = OptionalDouble.empty();

    MappedCounters(Mapping mapping) {
        this.mapping = mapping;
    }

    /**
     * Notes the start of the observed process at a scrape.
     *
     * @param start UNIX seconds; empty if no process is observed
     */
    void observe(OptionalDouble start) {
        processMoved = start.isPresent() && processStart.isPresent()
                ? OptionalDouble.of(Math.abs(start.getAsDouble() - processStart.getAsDouble()))
                : OptionalDouble.empty();
        processStart = start.isPresent() ? start : processStart;
    }

    /** Forgets the totals of a node that was restarted. */
    void clear() {
        continued.clear();
    }

    /** Returns whether a restart has decreased a counter. */
    boolean hasDecreased(Scrape before, Scrape now) {
        Increase change = new Increase(before, now);
        return mapping.fields().entrySet().stream()
                        .filter(mapped -> mapped.getKey().kind() == Kind.COUNTER)
                        .map(Map.Entry::getValue)
                        // a part of the sum would look like a restart
                        .anyMatch(expression -> NodeLife.hasDecreased(scrape -> total(expression, scrape), before, now)
                                && wasReset(expression.commonChange(change)))
                || mapping.times().values().stream()
                        .anyMatch(times -> NodeLife.hasDecreased(
                                        scrape -> scrape.sum(times.metric() + "_count", times.labels()), before, now)
                                && wasReset(change.ofCommon(times.metric() + "_count", times.labels())));
    }

    /**
     * Returns whether a lower sum over all series is due to a restart, rather than to series that are no longer reported.
     *
     * @param change of the series that are still reported; empty if there are none
     */
    private boolean wasReset(OptionalDouble change) {
        if (change.orElse(0) < 0) {
            return true;
        }
        return processMoved.isPresent() ? processMoved.getAsDouble() > MAX_DRIFT_SECONDS : change.isEmpty();
    }

    /** {@return the total of a counter; empty if it is unknown} */
    OptionalDouble total(MetricExpression expression, Scrape scrape) {
        OptionalDouble value = expression.isComplete(scrape) ? expression.value(scrape) : OptionalDouble.empty();
        return value.isEmpty() || expression.alternatives().size() == 1
                ? value
                : OptionalDouble.of(continued
                        .computeIfAbsent(expression, same -> new ContinuedTotal())
                        .of(expression.chosen(scrape), value.getAsDouble()));
    }
}
