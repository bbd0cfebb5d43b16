// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.sketch.DurationHistogram;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The times of one of Centrifugo's two kinds of commands. There is a summary, in some versions a histogram in addition, and with
 * native histograms or from version 7 on only the histogram.
 *
 * @param summary name of the summary; the histogram's ends with {@code _histogram}
 * @param counted which label sets are commands in the sense of the 22 fields
 */
record CommandTimes(String summary, Predicate<Labels> counted) {

    static final CommandTimes API = new CommandTimes("api_command_duration_seconds", labels -> true);

    /** Excludes pings, which older versions count as commands. */
    static final CommandTimes CLIENT =
            new CommandTimes("client_command_duration_seconds", labels -> !"ping".equals(labels.get("method")));

    private static final String HIGHEST_QUANTILE = "0.999";
    private static final double NANOS = 1e9;

    double count(Increase increase) {
        return increase.of(family(increase.now()) + "_count", counted);
    }

    double seconds(Increase increase) {
        return increase.of(family(increase.now()) + "_sum", counted);
    }

    /** Returns whether the counts of commands are known. */
    boolean hasCount(Increase increase) {
        return isComplete(increase, "_count");
    }

    /** Returns whether the times of commands are known. */
    boolean hasSeconds(Increase increase) {
        return hasCount(increase) && isComplete(increase, "_sum");
    }

    private boolean isComplete(Increase increase, String suffix) {
        return increase.isComplete(summary + suffix, counted) && increase.isComplete(histogram() + suffix, counted);
    }

    OptionalDouble totalCount(Scrape scrape) {
        return scrape.sum(family(scrape) + "_count", counted);
    }

    OptionalDouble totalSeconds(Scrape scrape) {
        return scrape.sum(family(scrape) + "_sum", counted);
    }

    /** Returns the durations; null if there are none, or the version has no histogram of them. */
    @Nullable
    DurationHistogram durations(Increase increase) {
        return isUnreadable(increase) ? null : increase.durations(histogram(), counted);
    }

    /**
     * Returns an upper bound of the longest duration, seconds; 0 if there was none, empty if the version does not report it.
     *
     * @param durations the durations, if known
     */
    OptionalDouble longest(Increase increase, @Nullable DurationHistogram durations) {
        if (isUnreadable(increase)) {
            return OptionalDouble.empty();
        }
        if (durations != null || increase.hasBuckets(histogram(), counted)) {
            return OptionalDouble.of(durations == null ? 0 : durations.max() / NANOS);
        }
        if (increase.now().has(summary)) {
            OptionalDouble quantile = increase.highestQuantile(summary, HIGHEST_QUANTILE, counted);
            return OptionalDouble.of(quantile.orElse(0));
        }
        // series appear with the first command: without one there is no maximum
        return increase.now().has(histogram() + "_count") ? OptionalDouble.empty() : OptionalDouble.of(0);
    }

    private boolean isUnreadable(Increase increase) {
        return !hasSeconds(increase) || isUnreadable(increase.before()) || isUnreadable(increase.now());
    }

    private boolean isUnreadable(Scrape scrape) {
        return scrape.isUnreadable(histogram() + "_bucket") || scrape.isUnreadable(summary);
    }

    private String histogram() {
        return summary + "_histogram";
    }

    private String family(Scrape scrape) {
        return scrape.has(summary + "_count") ? summary : histogram();
    }
}
