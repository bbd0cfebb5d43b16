// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The recordings of a host in one metrics interval: its counters and timers, and the distribution of the durations.
 *
 * @param timeApiSum time spent on all server API requests together, nanoseconds
 * @param timeClientSum time spent on all client API requests together, nanoseconds
 * @param apiTimes server API response times; null where there were none, or no histogram is kept
 * @param clientTimes client API response times; null where there were none, or no histogram is kept
 * @param extras further counters and timers
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
        @Nullable Encoded<DurationHistogram> apiTimes,
        @Nullable Encoded<DurationHistogram> clientTimes,
        Extras extras) {

    /** Nothing happened. */
    public static final RecordedInterval EMPTY = of(Map.of(), 0, 0);

    /**
     * Returns an interval without histograms.
     *
     * @param numbers the fields of the interval; those that are missing are 0
     */
    public static RecordedInterval of(Map<Field, Long> numbers, long timeApiSum, long timeClientSum) {
        ToLongFunction<Field> number = field -> numbers.getOrDefault(field, 0L);
        return new RecordedInterval(
                number.applyAsLong(Field.NUM_MSG_PUBLISHED),
                number.applyAsLong(Field.NUM_MSG_QUEUED),
                number.applyAsLong(Field.NUM_MSG_SENT),
                number.applyAsLong(Field.NUM_API_REQUESTS),
                number.applyAsLong(Field.NUM_CLIENT_REQUESTS),
                number.applyAsLong(Field.BYTES_CLIENT_IN),
                number.applyAsLong(Field.BYTES_CLIENT_OUT),
                timeApiSum,
                timeClientSum,
                number.applyAsLong(Field.TIME_API_MEAN),
                number.applyAsLong(Field.TIME_CLIENT_MEAN),
                number.applyAsLong(Field.TIME_API_MAX),
                number.applyAsLong(Field.TIME_CLIENT_MAX),
                null,
                null,
                Extras.NONE);
    }

    /**
     * Returns this interval with the durations of its requests, and with extra values.
     *
     * @param api server API response times; null if unknown
     * @param client client API response times; null if unknown
     */
    public RecordedInterval with(@Nullable DurationHistogram api, @Nullable DurationHistogram client, Extras more) {
        return new RecordedInterval(
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
                api == null ? null : api.encoded(),
                client == null ? null : client.encoded(),
                extras.with(more));
    }

    /** Returns this interval with more of each counter; there are no durations of additional requests. */
    public RecordedInterval withMore(ToLongFunction<Field> counts) {
        return new RecordedInterval(
                bounded(numMsgPublished) + counts.applyAsLong(Field.NUM_MSG_PUBLISHED),
                bounded(numMsgQueued) + counts.applyAsLong(Field.NUM_MSG_QUEUED),
                bounded(numMsgSent) + counts.applyAsLong(Field.NUM_MSG_SENT),
                bounded(numApiRequests) + counts.applyAsLong(Field.NUM_API_REQUESTS),
                bounded(numClientRequests) + counts.applyAsLong(Field.NUM_CLIENT_REQUESTS),
                bounded(bytesClientIn) + counts.applyAsLong(Field.BYTES_CLIENT_IN),
                bounded(bytesClientOut) + counts.applyAsLong(Field.BYTES_CLIENT_OUT),
                timeApiSum,
                timeClientSum,
                timeApiMean,
                timeClientMean,
                timeApiMax,
                timeClientMax,
                apiTimes,
                clientTimes,
                extras);
    }

    /** Passes the fields of the interval to a consumer, limited to the bounds of a field. */
    public void forEach(ObjLongConsumer<Field> consumer) {
        consumer.accept(Field.NUM_MSG_PUBLISHED, bounded(numMsgPublished));
        consumer.accept(Field.NUM_MSG_QUEUED, bounded(numMsgQueued));
        consumer.accept(Field.NUM_MSG_SENT, bounded(numMsgSent));
        consumer.accept(Field.NUM_API_REQUESTS, bounded(numApiRequests));
        consumer.accept(Field.NUM_CLIENT_REQUESTS, bounded(numClientRequests));
        consumer.accept(Field.BYTES_CLIENT_IN, bounded(bytesClientIn));
        consumer.accept(Field.BYTES_CLIENT_OUT, bounded(bytesClientOut));
        consumer.accept(Field.TIME_API_MEAN, bounded(timeApiMean));
        consumer.accept(Field.TIME_CLIENT_MEAN, bounded(timeClientMean));
        consumer.accept(Field.TIME_API_MAX, bounded(timeApiMax));
        consumer.accept(Field.TIME_CLIENT_MAX, bounded(timeClientMax));
    }

    /** Returns the part that can be added to other intervals and other nodes. */
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

    /** {@return the window as it is rolled up into the history of the cluster} */
    public NodeWindow window(long intervalSeconds, MetricsWindow window, WindowGauges gauges) {
        return new NodeWindow(
                intervalSeconds,
                window,
                sums(),
                gauges,
                bounded(timeApiMax),
                bounded(timeClientMax),
                apiTimes,
                clientTimes);
    }

    /** Returns the part that can be merged with other nodes' intervals, with the node's current sketches and gauges. */
    public WindowDetail detail(
            @Nullable Encoded<DistinctSketch> users, @Nullable Encoded<DistinctSketch> channels, Extras gauges) {
        return new WindowDetail(apiTimes, clientTimes, users, channels, extras.with(gauges));
    }

    private static long bounded(long value) {
        return Math.max(0, Math.min(value, NodeSnapshot.MAX_VALUE));
    }
}
