// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import java.time.Instant;

/**
 * An attempt to deliver a notification.
 *
 * @param receiver the kind and the masked URL of the receiver
 * @param alertCount the number of alerts in the notification
 * @param statusCode the HTTP status; 0 if there was no response
 * @param error why the notification was not accepted; empty if it was
 */
public record DeliveryAttempt(Instant sentAt, String receiver, int alertCount, int statusCode, String error) {

    /** {@return true if the receiver accepted the notification} */
    public boolean isDelivered() {
        return error.isEmpty();
    }
}
