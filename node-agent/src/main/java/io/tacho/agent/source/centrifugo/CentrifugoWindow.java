// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.WindowMetrics;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import io.tacho.sketch.DurationHistogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Computes the fields of a window from what two scrapes of a Centrifugo differ in. */
final class CentrifugoWindow {

    private CentrifugoWindow() {}

    /** Returns the difference of two scrapes. */
    static WindowMetrics of(Increase increase, double elapsedSeconds) {
        Map<Field, Quality> quality = new EnumMap<>(Field.class);
        Map<Field, Long> numbers = new EnumMap<>(Field.class);
        numbers.put(
                Field.NUM_MSG_PUBLISHED,
                count(increase.of("node_messages_sent_count", CentrifugoWindow::isPublication)));
        quality.put(
                Field.NUM_MSG_PUBLISHED,
                close(increase.isComplete("node_messages_sent_count", CentrifugoWindow::isPublication)));
        long sent = count(increase.of("transport_messages_sent"));
        numbers.put(Field.NUM_MSG_SENT, sent);
        boolean knowsSent = increase.isComplete("transport_messages_sent", labels -> true);
        quality.put(Field.NUM_MSG_SENT, close(knowsSent));
        // messages that were queued and not sent are not counted anywhere
        numbers.put(Field.NUM_MSG_QUEUED, sent);
        quality.put(Field.NUM_MSG_QUEUED, knowsSent ? Quality.BOUND : Quality.UNAVAILABLE);
        numbers.put(Field.BYTES_CLIENT_IN, count(increase.of("transport_messages_received_size")));
        numbers.put(Field.BYTES_CLIENT_OUT, count(increase.of("transport_messages_sent_size")));
        boolean bytes = countsBytes(increase.now());
        quality.put(
                Field.BYTES_CLIENT_IN,
                close(bytes && increase.isComplete("transport_messages_received_size", labels -> true)));
        quality.put(
                Field.BYTES_CLIENT_OUT,
                close(bytes && increase.isComplete("transport_messages_sent_size", labels -> true)));
        DurationHistogram apiTimes = addRequests(RequestKind.API, CommandTimes.API, increase, numbers, quality);
        DurationHistogram clientTimes =
                addRequests(RequestKind.CLIENT, CommandTimes.CLIENT, increase, numbers, quality);
        if (ApiRequests.areCounted(increase.before()) && ApiRequests.areCounted(increase.now())) {
            double requests = ApiRequests.of(increase);
            numbers.put(Field.NUM_API_REQUESTS, count(requests));
            quality.remove(Field.NUM_API_REQUESTS);
            // so that the mean times the number is the time of all, as it is summed up over nodes
            numbers.put(
                    Field.TIME_API_MEAN,
                    requests > 0 ? WindowMetrics.nanos(CommandTimes.API.seconds(increase) / requests) : 0);
        }
        RecordedInterval recorded = RecordedInterval.of(
                        numbers,
                        WindowMetrics.nanos(CommandTimes.API.seconds(increase)),
                        WindowMetrics.nanos(CommandTimes.CLIENT.seconds(increase)))
                .with(apiTimes, clientTimes, CentrifugoExtras.window(increase));
        OptionalDouble cpuSeconds = increase.ofProcess("process_cpu_seconds_total");
        OptionalDouble cpuUsage = cpuSeconds.isPresent() && elapsedSeconds > 0
                ? OptionalDouble.of(100 * cpuSeconds.getAsDouble() / elapsedSeconds)
                : OptionalDouble.empty();
        return new WindowMetrics(recorded, cpuUsage, quality);
    }

    /** Adds the fields of one kind of requests; returns their times, null if they are unknown or there are none. */
    private static @Nullable DurationHistogram addRequests(
            RequestKind requests,
            CommandTimes times,
            Increase increase,
            Map<Field, Long> numbers,
            Map<Field, Quality> quality) {
        double count = times.count(increase);
        numbers.put(requests.count(), count(count));
        quality.put(requests.count(), close(times.hasCount(increase)));
        numbers.put(requests.mean(), count > 0 ? WindowMetrics.nanos(times.seconds(increase) / count) : 0);
        if (!times.hasSeconds(increase)) {
            quality.put(requests.mean(), Quality.UNAVAILABLE);
        }
        DurationHistogram histogram = times.durations(increase);
        OptionalDouble longest = times.longest(increase, histogram);
        numbers.put(requests.max(), WindowMetrics.nanos(longest.orElse(0)));
        quality.put(requests.max(), longest.isPresent() ? Quality.BOUND : Quality.UNAVAILABLE);
        return histogram;
    }

    private static Quality close(boolean known) {
        return known ? Quality.CLOSE : Quality.UNAVAILABLE;
    }

    /** Returns whether a message between nodes is a publication; joins, leaves and control messages are not. */
    static boolean isPublication(Labels labels) {
        return "publication".equals(labels.get("type"));
    }

    /**
     * Returns whether this version counts bytes, from 5.1.1 on. Its series appear with the first message. A version that
     * is not parseable (a custom build) is treated as an older one if there are messages but no bytes.
     */
    static boolean countsBytes(Scrape scrape) {
        int[] version = CentrifugoVersion.parse(scrape.label("node_build", "version"));
        return version == null
                ? scrape.has("transport_messages_sent_size") || !scrape.has("transport_messages_sent")
                : CentrifugoVersion.isAtLeast(version, 5, 1, 1);
    }

    static long count(double value) {
        return Math.round(value);
    }
}
