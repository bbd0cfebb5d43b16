// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

/**
 * The summary of the alerts after the latest evaluation, for the API and the metrics.
 *
 * <p>Thread safety: safe.
 */
public final class LatestAlertSummary {

    private record Published(AlertSummary status, byte[] json) {}

    private volatile Published latest =
            new Published(AlertSummary.NONE, AlertmanagerJson.alertmanagerStatus(AlertSummary.NONE));

    /** Publishes a new status. */
    void publish(AlertSummary status) {
        if (!status.equals(latest.status())) {
            latest = new Published(status, AlertmanagerJson.alertmanagerStatus(status));
        }
    }

    /** {@return the latest status} */
    public AlertSummary status() {
        return latest.status();
    }

    /** Returns the body of {@code /alerts}, UTF-8 JSON; shared, must not be modified. */
    public byte[] json() {
        return latest.json();
    }
}
