// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Quality;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What happened in a window, of the 22 fields those from {@code num_msg_published} to {@code time_client_max} and
 * {@code cpu_usage}.
 *
 * @param cpuUsage empty where the process does not tell
 * @param quality marks of these fields
 */
record WindowMetrics(RecordedInterval recorded, OptionalDouble cpuUsage, Map<String, Quality> quality) {

    private static final double NANOS = 1e9;

    /** Before two scrapes lie a window apart there is nothing to tell. */
    static final WindowMetrics WARMING_UP = new WindowMetrics(
            RecordedInterval.EMPTY,
            OptionalDouble.empty(),
            Map.ofEntries(
                    Map.entry("num_msg_published", Quality.UNAVAILABLE),
                    Map.entry("num_msg_queued", Quality.UNAVAILABLE),
                    Map.entry("num_msg_sent", Quality.UNAVAILABLE),
                    Map.entry("num_api_requests", Quality.UNAVAILABLE),
                    Map.entry("num_client_requests", Quality.UNAVAILABLE),
                    Map.entry("bytes_client_in", Quality.UNAVAILABLE),
                    Map.entry("bytes_client_out", Quality.UNAVAILABLE),
                    Map.entry("time_api_mean", Quality.UNAVAILABLE),
                    Map.entry("time_client_mean", Quality.UNAVAILABLE),
                    Map.entry("time_api_max", Quality.UNAVAILABLE),
                    Map.entry("time_client_max", Quality.UNAVAILABLE)));

    /** From the difference of two scrapes. */
    static WindowMetrics of(Increase increase, double elapsedSeconds) {
        Map<String, Quality> quality = new HashMap<>();
        long sent = count(increase.of("transport_messages_sent"));
        quality.put("num_msg_published", Quality.CLOSE);
        quality.put("num_msg_sent", Quality.CLOSE);
        // what was queued and not sent is nowhere
        quality.put("num_msg_queued", Quality.BOUND);
        quality.put("num_api_requests", Quality.CLOSE);
        quality.put("num_client_requests", Quality.CLOSE);
        Quality bytes = tellsBytes(increase.now()) ? Quality.CLOSE : Quality.UNAVAILABLE;
        quality.put("bytes_client_in", bytes);
        quality.put("bytes_client_out", bytes);
        OptionalDouble apiMax = CommandTimes.API.longest(increase);
        OptionalDouble clientMax = CommandTimes.CLIENT.longest(increase);
        quality.put("time_api_max", apiMax.isPresent() ? Quality.BOUND : Quality.UNAVAILABLE);
        quality.put("time_client_max", clientMax.isPresent() ? Quality.BOUND : Quality.UNAVAILABLE);
        RecordedInterval recorded = new RecordedInterval(
                count(increase.of("node_messages_sent_count", WindowMetrics::isPublication)),
                sent,
                sent,
                count(CommandTimes.API.count(increase)),
                count(CommandTimes.CLIENT.count(increase)),
                count(increase.of("transport_messages_received_size")),
                count(increase.of("transport_messages_sent_size")),
                nanos(CommandTimes.API.seconds(increase)),
                nanos(CommandTimes.CLIENT.seconds(increase)),
                mean(CommandTimes.API, increase),
                mean(CommandTimes.CLIENT, increase),
                nanos(apiMax.orElse(0)),
                nanos(clientMax.orElse(0)));
        OptionalDouble cpuSeconds = increase.ofProcess("process_cpu_seconds_total");
        OptionalDouble cpuUsage = cpuSeconds.isPresent() && elapsedSeconds > 0
                ? OptionalDouble.of(100 * cpuSeconds.getAsDouble() / elapsedSeconds)
                : OptionalDouble.empty();
        return new WindowMetrics(recorded, cpuUsage, Map.copyOf(quality));
    }

    /** Also joins, leaves and control messages are sent to the other nodes; none of them is a publish. */
    static boolean isPublication(Labels labels) {
        return "publication".equals(labels.get("type"));
    }

    /**
     * Whether this version counts bytes, from 5.1.1 on. Its series appear with the first message, so that a version which
     * cannot be read (a build of one's own) is taken for an old one when there are messages but no bytes.
     */
    static boolean tellsBytes(Scrape scrape) {
        int[] version = CentrifugoVersion.parse(scrape.label("node_build", "version"));
        return version == null
                ? scrape.has("transport_messages_sent_size") || !scrape.has("transport_messages_sent")
                : CentrifugoVersion.isAtLeast(version, 5, 1, 1);
    }

    private static long mean(CommandTimes times, Increase increase) {
        double count = times.count(increase);
        return count > 0 ? nanos(times.seconds(increase) / count) : 0;
    }

    static long nanos(double seconds) {
        return Math.round(seconds * NANOS);
    }

    static long count(double value) {
        return Math.round(value);
    }
}
