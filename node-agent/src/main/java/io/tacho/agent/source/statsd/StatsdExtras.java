// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.NodeSnapshot;
import java.util.Map;
import java.util.TreeMap;

/**
 * The extra values received by StatsD: counters and gauges.
 *
 * <p>Thread safety: safe.
 */
final class StatsdExtras {

    private final Map<String, StatsdCounter> counters = new TreeMap<>();
    private final Map<String, Double> gauges = new TreeMap<>();

    /** Adds all values of a line to an extra value, or none if one of them is invalid. */
    synchronized void add(String name, StatsdLine line) throws Rejected {
        switch (line.type()) {
            case COUNTER -> count(name, line);
            case GAUGE -> gauge(name, line);
            default -> throw new Rejected(Rejected.Reason.WRONG_TYPE);
        }
    }

    private void count(String name, StatsdLine line) throws Rejected {
        double sum = 0;
        for (String value : line.values()) {
            sum += StatsdLine.number(value, Rejected.Reason.BAD_VALUE) / line.rate();
        }
        StatsdCounter counter = counters.getOrDefault(name, new StatsdCounter());
        counter.add(sum);
        counters.put(name, counter);
    }

    /** Sets a gauge; a value with a sign changes it. */
    private void gauge(String name, StatsdLine line) throws Rejected {
        double gauge = gauges.getOrDefault(name, 0.0);
        for (String value : line.values()) {
            double number = StatsdLine.number(value, Rejected.Reason.BAD_VALUE);
            boolean change = value.charAt(0) == '+' || value.charAt(0) == '-';
            gauge = Math.max(0, change ? gauge + number : number);
        }
        if (gauge > NodeSnapshot.MAX_VALUE) {
            throw new Rejected(Rejected.Reason.TOO_LARGE);
        }
        gauges.put(name, gauge);
    }

    synchronized void endWindow() {
        counters.values().forEach(StatsdCounter::endWindow);
    }

    /** Returns the current gauges, and the counters of the last window. */
    synchronized Extras current() {
        Map<String, Extra> extras = new TreeMap<>();
        gauges.forEach((name, gauge) -> extras.put(name, Extra.gauge(Math.round(gauge))));
        counters.forEach((name, counter) -> extras.put(name, Extra.counter(counter.last(), counter.total())));
        return new Extras(extras);
    }
}
