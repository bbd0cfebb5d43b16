// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What has happened on a node since its start, as counters that never go back: what {@link IntervalMetrics} are the
 * differences of.
 *
 * @param numMsgPublished messages published
 * @param numMsgQueued messages put into client queues
 * @param numMsgSent messages actually sent to clients
 * @param numApiRequests server API requests
 * @param numClientRequests client API requests
 * @param bytesClientIn bytes received from clients
 * @param bytesClientOut bytes sent to clients
 * @param timeApiSum time spent on all server API requests together, nanoseconds
 * @param timeClientSum time spent on all client API requests together, nanoseconds
 */
@JsonPropertyOrder({
    "num_msg_published",
    "num_msg_queued",
    "num_msg_sent",
    "num_api_requests",
    "num_client_requests",
    "bytes_client_in",
    "bytes_client_out",
    "time_api_sum",
    "time_client_sum"
})
public record NodeTotals(
        @JsonProperty("num_msg_published") long numMsgPublished,
        @JsonProperty("num_msg_queued") long numMsgQueued,
        @JsonProperty("num_msg_sent") long numMsgSent,
        @JsonProperty("num_api_requests") long numApiRequests,
        @JsonProperty("num_client_requests") long numClientRequests,
        @JsonProperty("bytes_client_in") long bytesClientIn,
        @JsonProperty("bytes_client_out") long bytesClientOut,
        @JsonProperty("time_api_sum") long timeApiSum,
        @JsonProperty("time_client_sum") long timeClientSum) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeTotals {
        Checks.count("totals.num_msg_published", numMsgPublished);
        Checks.count("totals.num_msg_queued", numMsgQueued);
        Checks.count("totals.num_msg_sent", numMsgSent);
        Checks.count("totals.num_api_requests", numApiRequests);
        Checks.count("totals.num_client_requests", numClientRequests);
        Checks.count("totals.bytes_client_in", bytesClientIn);
        Checks.count("totals.bytes_client_out", bytesClientOut);
        // the nanoseconds of a busy node pass 2^53 within days
        Checks.between("totals.time_api_sum", timeApiSum, 0, Long.MAX_VALUE);
        Checks.between("totals.time_client_sum", timeClientSum, 0, Long.MAX_VALUE);
    }

    /**
     * Returns the total of a counter.
     *
     * @throws IllegalArgumentException if the field is not a counter
     */
    public long number(Field counter) {
        return switch (counter) {
            case NUM_MSG_PUBLISHED -> numMsgPublished;
            case NUM_MSG_QUEUED -> numMsgQueued;
            case NUM_MSG_SENT -> numMsgSent;
            case NUM_API_REQUESTS -> numApiRequests;
            case NUM_CLIENT_REQUESTS -> numClientRequests;
            case BYTES_CLIENT_IN -> bytesClientIn;
            case BYTES_CLIENT_OUT -> bytesClientOut;
            default -> throw new IllegalArgumentException(counter.wireName() + ": no total (expected: a counter)");
        };
    }
}
