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
 * @param twice which of them the server counts twice
 */
record CommandTimes(String summary, Predicate<Labels> counted, Predicate<Labels> twice) {

    static final CommandTimes API = new CommandTimes("api_command_duration_seconds", labels -> true, labels -> false);

    /**
     * Excludes pings, which older versions count as commands. From version 4 on a {@code send}, for which there is no handler, is
     * counted when it is received and when it is rejected.
     */
    static final CommandTimes CLIENT = new CommandTimes(
            "client_command_duration_seconds",
            labels -> !"ping".equals(labels.get("method")),
            labels -> "send".equals(labels.get("method")));

    private static final String HIGHEST_QUANTILE = "0.999";
    private static final double NANOS = 1e9;

    double count(Increase increase) {
        return once(increase, "_count");
    }

    double seconds(Increase increase) {
        return once(increase, "_sum");
    }

    private double once(Increase increase, String suffix) {
        String metric = family(increase.now()) + suffix;
        double all = increase.of(metric, counted);
        return CentrifugoVersion.rejectsSend(increase.now()) ? all - increase.of(metric, twice) / 2 : all;
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
        return total(scrape, "_count");
    }

    OptionalDouble totalSeconds(Scrape scrape) {
        return total(scrape, "_sum");
    }

    private OptionalDouble total(Scrape scrape, String suffix) {
        String metric = family(scrape) + suffix;
        OptionalDouble all = scrape.sum(metric, counted);
        OptionalDouble again = scrape.sum(metric, twice);
        return all.isPresent() && again.isPresent() && CentrifugoVersion.rejectsSend(scrape)
                ? OptionalDouble.of(all.getAsDouble() - again.getAsDouble() / 2)
                : all;
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
        if (durations != null) {
            return OptionalDouble.of(durations.max() / NANOS);
        }
        if (count(increase) == 0) {
            return OptionalDouble.of(0);
        }
        // without buckets, or with buckets only at the end of the window
        return increase.now().has(summary)
                ? OptionalDouble.of(increase.highestQuantile(summary, HIGHEST_QUANTILE, counted)
                        .orElse(0))
                : OptionalDouble.empty();
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
