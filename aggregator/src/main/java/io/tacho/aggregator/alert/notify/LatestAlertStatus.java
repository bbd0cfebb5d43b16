// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

/**
 * The status of the alerts after the latest evaluation, for the API and the metrics.
 *
 * <p>Thread safety: safe.
 */
public final class LatestAlertStatus {

    private record Published(AlertStatus status, byte[] json) {}

    private volatile Published latest =
            new Published(AlertStatus.NONE, AlertmanagerJson.alertsResponse(AlertStatus.NONE));

    /** Replaces the status by that of a newer evaluation. */
    void publish(AlertStatus status) {
        if (!status.equals(latest.status())) {
            latest = new Published(status, AlertmanagerJson.alertsResponse(status));
        }
    }

    /** {@return the latest status} */
    public AlertStatus status() {
        return latest.status();
    }

    /** Returns the latest status as the response body of {@code /alerts}, UTF-8 JSON; shared, must not be modified. */
    public byte[] json() {
        return latest.json();
    }
}
