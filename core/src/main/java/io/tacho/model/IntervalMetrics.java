// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * The metrics of a node in its last completed interval: the last thirteen of the 22 fields of Centrifugo 1.0–1.3's
 * {@code stats}, in its order and under its names.
 *
 * @param numMsgPublished messages published
 * @param numMsgQueued messages put into client queues, protocol messages included
 * @param numMsgSent messages actually sent to clients
 * @param numApiRequests server API requests
 * @param numClientRequests client API requests
 * @param bytesClientIn bytes received from clients
 * @param bytesClientOut bytes sent to clients
 * @param timeApiMean mean server API response time, nanoseconds
 * @param timeClientMean mean client API response time, nanoseconds
 * @param timeApiMax longest server API response time, nanoseconds
 * @param timeClientMax longest client API response time, nanoseconds
 * @param memorySys bytes of memory the process holds from the operating system
 * @param cpuUsage CPU percent, 100 is one core busy
 */
public record IntervalMetrics(
        long numMsgPublished,
        long numMsgQueued,
        long numMsgSent,
        long numApiRequests,
        long numClientRequests,
        long bytesClientIn,
        long bytesClientOut,
        long timeApiMean,
        long timeClientMean,
        long timeApiMax,
        long timeClientMax,
        long memorySys,
        long cpuUsage) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public IntervalMetrics {
        Checks.count(Field.NUM_MSG_PUBLISHED, numMsgPublished);
        Checks.count(Field.NUM_MSG_QUEUED, numMsgQueued);
        Checks.count(Field.NUM_MSG_SENT, numMsgSent);
        Checks.count(Field.NUM_API_REQUESTS, numApiRequests);
        Checks.count(Field.NUM_CLIENT_REQUESTS, numClientRequests);
        Checks.count(Field.BYTES_CLIENT_IN, bytesClientIn);
        Checks.count(Field.BYTES_CLIENT_OUT, bytesClientOut);
        Checks.count(Field.TIME_API_MEAN, timeApiMean);
        Checks.count(Field.TIME_CLIENT_MEAN, timeClientMean);
        Checks.count(Field.TIME_API_MAX, timeApiMax);
        Checks.count(Field.TIME_CLIENT_MAX, timeClientMax);
        Checks.count(Field.MEMORY_SYS, memorySys);
        Checks.count(Field.CPU_USAGE, cpuUsage);
    }

    /** Creates metrics from the number of each field. */
    public static <E extends Exception> IntervalMetrics of(FieldNumbers<E> numbers) throws E {
        return new IntervalMetrics(
                numbers.of(Field.NUM_MSG_PUBLISHED),
                numbers.of(Field.NUM_MSG_QUEUED),
                numbers.of(Field.NUM_MSG_SENT),
                numbers.of(Field.NUM_API_REQUESTS),
                numbers.of(Field.NUM_CLIENT_REQUESTS),
                numbers.of(Field.BYTES_CLIENT_IN),
                numbers.of(Field.BYTES_CLIENT_OUT),
                numbers.of(Field.TIME_API_MEAN),
                numbers.of(Field.TIME_CLIENT_MEAN),
                numbers.of(Field.TIME_API_MAX),
                numbers.of(Field.TIME_CLIENT_MAX),
                numbers.of(Field.MEMORY_SYS),
                numbers.of(Field.CPU_USAGE));
    }
}
