// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened on one node in one of its windows, as it is folded into the memory of the cluster.
 *
 * @param intervalSeconds length of the node's metrics interval
 * @param window the time that this is of: an interval, or less at the node's start and end
 * @param sums what happened in the window, exactly
 * @param gauges what the node held at the window's end
 * @param timeApiMax longest server API response time, nanoseconds
 * @param timeClientMax longest client API response time, nanoseconds
 * @param timeApi histogram of the server API response times, as in {@link WindowDetail}; null where there is none
 * @param timeClient histogram of the client API response times, as in {@link WindowDetail}; null where there is none
 */
public record NodeWindow(
        long intervalSeconds,
        MetricsWindow window,
        NodeTotals sums,
        WindowGauges gauges,
        long timeApiMax,
        long timeClientMax,
        @Nullable String timeApi,
        @Nullable String timeClient) {

    /** A window that lacks no more than this is a whole one. */
    private static final double WHOLE = 0.95;

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeWindow {
        Checks.between("metrics_interval", intervalSeconds, 1, SnapshotEnvelope.MAX_INTERVAL_SECONDS);
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(sums, "sums");
        Objects.requireNonNull(gauges, "gauges");
        Checks.count("time_api_max", timeApiMax);
        Checks.count("time_client_max", timeClientMax);
        Checks.base64("histograms.time_api", timeApi, WindowDetail.MAX_LENGTH);
        Checks.base64("histograms.time_client", timeClient, WindowDetail.MAX_LENGTH);
    }

    /** The window of the cluster that it belongs to: the one in which its middle lies, by its start in UNIX milliseconds. */
    public long slotMillis() {
        long middle = window.startMillis() + (window.endMillis() - window.startMillis()) / 2;
        return middle - middle % (1_000 * intervalSeconds);
    }

    /**
     * The gauges' part in those of the cluster: shortened as the window is, so that a node which was restarted does not count
     * twice.
     */
    public WindowGauges weightedGauges() {
        double weight = (window.endMillis() - window.startMillis()) / (1_000.0 * intervalSeconds);
        if (weight >= WHOLE) {
            return gauges;
        }
        return new WindowGauges(
                Math.round(weight * gauges.numGoroutine()),
                Math.round(weight * gauges.numClients()),
                Math.round(weight * gauges.numUniqueClients()),
                Math.round(weight * gauges.numChannels()),
                Math.round(weight * gauges.memorySys()),
                Math.round(weight * gauges.cpuUsage()));
    }
}
