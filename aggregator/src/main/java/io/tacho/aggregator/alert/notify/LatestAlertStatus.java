// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

/**
 * The latest published status of alerts, for the API and the metrics.
 *
 * <p>Thread safety: safe.
 */
public final class LatestAlertStatus {

    private record Published(AlertStatus status, byte[] json) {}

    private volatile Published latest = new Published(AlertStatus.NONE, AlertJson.status(AlertStatus.NONE));

    /** Publishes a new status. */
    void publish(AlertStatus status) {
        if (!status.equals(latest.status())) {
            latest = new Published(status, AlertJson.status(status));
        }
    }

    /** {@return the latest status} */
    public AlertStatus status() {
        return latest.status();
    }

    /** Returns the body of {@code /alerts}, UTF-8 JSON; shared, must not be modified. */
    public byte[] json() {
        return latest.json();
    }
}
