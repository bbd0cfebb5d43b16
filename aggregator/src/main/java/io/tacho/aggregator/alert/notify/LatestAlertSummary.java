// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

/**
 * The summary of the alerts after the latest evaluation, for the API and the metrics.
 *
 * <p>Thread safety: safe.
 */
public final class LatestAlertSummary {

    private record Published(AlertSummary summary, byte[] json) {}

    private volatile Published latest =
            new Published(AlertSummary.NONE, AlertmanagerJson.alertsResponse(AlertSummary.NONE));

    /** Replaces the summary by that of a newer evaluation. */
    void publish(AlertSummary summary) {
        if (!summary.equals(latest.summary())) {
            latest = new Published(summary, AlertmanagerJson.alertsResponse(summary));
        }
    }

    /** {@return the latest summary} */
    public AlertSummary summary() {
        return latest.summary();
    }

    /** Returns the latest summary as the response body of {@code /alerts}, UTF-8 JSON; shared, must not be modified. */
    public byte[] json() {
        return latest.json();
    }
}
