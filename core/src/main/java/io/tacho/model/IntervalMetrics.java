// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What happened on a node in its last completed interval: the last thirteen of the 22 fields of Centrifugo 1.0–1.3's
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
@JsonPropertyOrder({
    "num_msg_published",
    "num_msg_queued",
    "num_msg_sent",
    "num_api_requests",
    "num_client_requests",
    "bytes_client_in",
    "bytes_client_out",
    "time_api_mean",
    "time_client_mean",
    "time_api_max",
    "time_client_max",
    "memory_sys",
    "cpu_usage"
})
public record IntervalMetrics(
        @JsonProperty("num_msg_published") long numMsgPublished,
        @JsonProperty("num_msg_queued") long numMsgQueued,
        @JsonProperty("num_msg_sent") long numMsgSent,
        @JsonProperty("num_api_requests") long numApiRequests,
        @JsonProperty("num_client_requests") long numClientRequests,
        @JsonProperty("bytes_client_in") long bytesClientIn,
        @JsonProperty("bytes_client_out") long bytesClientOut,
        @JsonProperty("time_api_mean") long timeApiMean,
        @JsonProperty("time_client_mean") long timeClientMean,
        @JsonProperty("time_api_max") long timeApiMax,
        @JsonProperty("time_client_max") long timeClientMax,
        @JsonProperty("memory_sys") long memorySys,
        @JsonProperty("cpu_usage") long cpuUsage) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public IntervalMetrics {
        Checks.count("num_msg_published", numMsgPublished);
        Checks.count("num_msg_queued", numMsgQueued);
        Checks.count("num_msg_sent", numMsgSent);
        Checks.count("num_api_requests", numApiRequests);
        Checks.count("num_client_requests", numClientRequests);
        Checks.count("bytes_client_in", bytesClientIn);
        Checks.count("bytes_client_out", bytesClientOut);
        Checks.count("time_api_mean", timeApiMean);
        Checks.count("time_client_mean", timeClientMean);
        Checks.count("time_api_max", timeApiMax);
        Checks.count("time_client_max", timeClientMax);
        Checks.count("memory_sys", memorySys);
        Checks.count("cpu_usage", cpuUsage);
    }
}
