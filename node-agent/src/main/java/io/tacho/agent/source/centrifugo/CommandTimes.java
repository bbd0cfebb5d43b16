// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The times of one of Centrifugo's two kinds of commands. There is a summary and, beside it, a histogram, not in every
 * version; with native histograms, the summary goes, and the text has a histogram's count and sum but no buckets.
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

    /** Returns an upper bound of the longest duration, seconds; 0 if there was none, empty if the version does not report it. */
    OptionalDouble longest(Increase increase) {
        if (!hasSeconds(increase) || isUnreadable(increase.before()) || isUnreadable(increase.now())) {
            return OptionalDouble.empty();
        }
        OptionalDouble bound = increase.highestBound(histogram(), counted);
        if (bound.isPresent()) {
            return bound;
        }
        if (increase.now().has(summary)) {
            OptionalDouble quantile = increase.highestQuantile(summary, HIGHEST_QUANTILE, counted);
            return OptionalDouble.of(quantile.orElse(0));
        }
        // series appear with the first command: without one there is no maximum
        return increase.now().has(histogram() + "_count") ? OptionalDouble.empty() : OptionalDouble.of(0);
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
