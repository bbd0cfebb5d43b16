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
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The recordings of a host in one metrics interval: its counters, and the requests with their durations.
 *
 * @param api the requests to the server API
 * @param client the requests of clients
 * @param extras further counters and timers
 */
public record RecordedInterval(
        long numMsgPublished,
        long numMsgQueued,
        long numMsgSent,
        long bytesClientIn,
        long bytesClientOut,
        RequestTimes api,
        RequestTimes client,
        Extras extras) {

    /** An interval without events. */
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
                number.applyAsLong(Field.BYTES_CLIENT_IN),
                number.applyAsLong(Field.BYTES_CLIENT_OUT),
                new RequestTimes(
                        number.applyAsLong(Field.NUM_API_REQUESTS),
                        timeApiSum,
                        number.applyAsLong(Field.TIME_API_MEAN),
                        number.applyAsLong(Field.TIME_API_MAX),
                        null),
                new RequestTimes(
                        number.applyAsLong(Field.NUM_CLIENT_REQUESTS),
                        timeClientSum,
                        number.applyAsLong(Field.TIME_CLIENT_MEAN),
                        number.applyAsLong(Field.TIME_CLIENT_MAX),
                        null),
                Extras.NONE);
    }

    /**
     * Returns this interval with the durations of its requests, and with extra values.
     *
     * @param apiTimes server API response times; null if unknown
     * @param clientTimes client API response times; null if unknown
     */
    public RecordedInterval with(
            @Nullable DurationHistogram apiTimes, @Nullable DurationHistogram clientTimes, Extras more) {
        return new RecordedInterval(
                numMsgPublished,
                numMsgQueued,
                numMsgSent,
                bytesClientIn,
                bytesClientOut,
                api.withHistogram(apiTimes),
                client.withHistogram(clientTimes),
                extras.with(more));
    }

    /** Returns this interval with more of each counter; there are no durations of additional requests. */
    public RecordedInterval withMore(ToLongFunction<Field> counts) {
        return new RecordedInterval(
                bounded(numMsgPublished) + counts.applyAsLong(Field.NUM_MSG_PUBLISHED),
                bounded(numMsgQueued) + counts.applyAsLong(Field.NUM_MSG_QUEUED),
                bounded(numMsgSent) + counts.applyAsLong(Field.NUM_MSG_SENT),
                bounded(bytesClientIn) + counts.applyAsLong(Field.BYTES_CLIENT_IN),
                bounded(bytesClientOut) + counts.applyAsLong(Field.BYTES_CLIENT_OUT),
                api.withMore(counts.applyAsLong(Field.NUM_API_REQUESTS)),
                client.withMore(counts.applyAsLong(Field.NUM_CLIENT_REQUESTS)),
                extras);
    }

    /** Passes the fields of the interval to a consumer, limited to the bounds of a field. */
    public void forEach(ObjLongConsumer<Field> consumer) {
        consumer.accept(Field.NUM_MSG_PUBLISHED, bounded(numMsgPublished));
        consumer.accept(Field.NUM_MSG_QUEUED, bounded(numMsgQueued));
        consumer.accept(Field.NUM_MSG_SENT, bounded(numMsgSent));
        consumer.accept(Field.NUM_API_REQUESTS, bounded(api.count()));
        consumer.accept(Field.NUM_CLIENT_REQUESTS, bounded(client.count()));
        consumer.accept(Field.BYTES_CLIENT_IN, bounded(bytesClientIn));
        consumer.accept(Field.BYTES_CLIENT_OUT, bounded(bytesClientOut));
        consumer.accept(Field.TIME_API_MEAN, bounded(api.mean()));
        consumer.accept(Field.TIME_CLIENT_MEAN, bounded(client.mean()));
        consumer.accept(Field.TIME_API_MAX, bounded(api.max()));
        consumer.accept(Field.TIME_CLIENT_MAX, bounded(client.max()));
    }

    /** Returns the part that can be added to other intervals and other nodes. */
    public NodeTotals sums() {
        return new NodeTotals(
                bounded(numMsgPublished),
                bounded(numMsgQueued),
                bounded(numMsgSent),
                bounded(api.count()),
                bounded(client.count()),
                bounded(bytesClientIn),
                bounded(bytesClientOut),
                Math.max(0, api.sum()),
                Math.max(0, client.sum()));
    }

    /**
     * Returns the window as it is rolled up into the history of the cluster.
     *
     * @param detail of this interval
     */
    public NodeWindow window(long intervalSeconds, MetricsWindow window, WindowGauges gauges, WindowDetail detail) {
        return new NodeWindow(
                intervalSeconds, window, sums(), gauges, bounded(api.max()), bounded(client.max()), detail);
    }

    /** Returns the part that can be merged with other nodes' intervals, with the node's current sketches and gauges. */
    public WindowDetail detail(
            @Nullable Encoded<HyperLogLog> users, @Nullable Encoded<HyperLogLog> channels, Extras gauges) {
        return new WindowDetail(api.histogram(), client.histogram(), users, channels, extras.with(gauges));
    }

    static long bounded(long value) {
        return Math.max(0, Math.min(value, NodeSnapshot.MAX_VALUE));
    }
}
