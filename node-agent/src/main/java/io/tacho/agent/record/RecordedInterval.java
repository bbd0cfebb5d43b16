// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.model.IntervalMetrics;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What a host recorded in one interval: the eleven of the {@link IntervalMetrics} that are not the process' own, and how the
 * durations were distributed.
 *
 * @param timeApiSum time spent on all server API requests together, nanoseconds
 * @param timeClientSum time spent on all client API requests together, nanoseconds
 * @param apiTimes server API response times; null where there were none, or no histogram is kept
 * @param clientTimes client API response times; null where there were none, or no histogram is kept
 */
public record RecordedInterval(
        long numMsgPublished,
        long numMsgQueued,
        long numMsgSent,
        long numApiRequests,
        long numClientRequests,
        long bytesClientIn,
        long bytesClientOut,
        long timeApiSum,
        long timeClientSum,
        long timeApiMean,
        long timeClientMean,
        long timeApiMax,
        long timeClientMax,
        @Nullable DurationHistogram apiTimes,
        @Nullable DurationHistogram clientTimes) {

    /** Nothing happened. */
    public static final RecordedInterval EMPTY = new RecordedInterval(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** An interval of which no histograms are known. */
    public RecordedInterval(
            long numMsgPublished,
            long numMsgQueued,
            long numMsgSent,
            long numApiRequests,
            long numClientRequests,
            long bytesClientIn,
            long bytesClientOut,
            long timeApiSum,
            long timeClientSum,
            long timeApiMean,
            long timeClientMean,
            long timeApiMax,
            long timeClientMax) {
        this(
                numMsgPublished,
                numMsgQueued,
                numMsgSent,
                numApiRequests,
                numClientRequests,
                bytesClientIn,
                bytesClientOut,
                timeApiSum,
                timeClientSum,
                timeApiMean,
                timeClientMean,
                timeApiMax,
                timeClientMax,
                null,
                null);
    }

    /** The same with more requests, of which no times are known. */
    public RecordedInterval withMoreRequests(long api, long client) {
        return new RecordedInterval(
                numMsgPublished,
                numMsgQueued,
                numMsgSent,
                numApiRequests + api,
                numClientRequests + client,
                bytesClientIn,
                bytesClientOut,
                timeApiSum,
                timeClientSum,
                timeApiMean,
                timeClientMean,
                timeApiMax,
                timeClientMax,
                apiTimes,
                clientTimes);
    }

    /** Completes the interval with what the process used. Absurd values, as a confused host may record, are cut to the bounds. */
    public IntervalMetrics with(long memorySys, long cpuUsage) {
        return new IntervalMetrics(
                bounded(numMsgPublished),
                bounded(numMsgQueued),
                bounded(numMsgSent),
                bounded(numApiRequests),
                bounded(numClientRequests),
                bounded(bytesClientIn),
                bounded(bytesClientOut),
                bounded(timeApiMean),
                bounded(timeClientMean),
                bounded(timeApiMax),
                bounded(timeClientMax),
                bounded(memorySys),
                bounded(cpuUsage));
    }

    /** What can be added to other intervals and other nodes. */
    public NodeTotals sums() {
        return new NodeTotals(
                bounded(numMsgPublished),
                bounded(numMsgQueued),
                bounded(numMsgSent),
                bounded(numApiRequests),
                bounded(numClientRequests),
                bounded(bytesClientIn),
                bounded(bytesClientOut),
                Math.max(0, timeApiSum),
                Math.max(0, timeClientSum));
    }

    /** As it is folded into the memory of the cluster. */
    public NodeWindow window(long intervalSeconds, MetricsWindow window, WindowGauges gauges) {
        return new NodeWindow(
                intervalSeconds,
                window,
                sums(),
                gauges,
                bounded(timeApiMax),
                bounded(timeClientMax),
                text(apiTimes),
                text(clientTimes));
    }

    /** What of it can be merged with other nodes' intervals, together with the sketches of what is connected. */
    public WindowDetail detail(@Nullable String users, @Nullable String channels) {
        return new WindowDetail(text(apiTimes), text(clientTimes), users, channels);
    }

    private static @Nullable String text(@Nullable DurationHistogram histogram) {
        return histogram == null ? null : histogram.toText();
    }

    private static long bounded(long value) {
        return Math.max(0, Math.min(value, NodeSnapshot.MAX_VALUE));
    }
}
