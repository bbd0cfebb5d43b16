// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.rule.ReceiverUrl;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A receiver of notifications outside Tacho. */
interface Webhook extends AutoCloseable {

    /**
     * The result of one attempt to send a notification.
     *
     * @param statusCode the HTTP status; 0 if there was no response
     * @param error why the notification was not accepted, without secrets; empty if it was
     * @param retryAfter the delay that the receiver requested; zero if it requested none
     */
    record Result(int statusCode, String error, Duration retryAfter) {

        /** Returns the result of an accepted notification. */
        static Result delivered(int statusCode) {
            return new Result(statusCode, "", Duration.ZERO);
        }

        /** Returns the result of a notification that was not accepted. */
        static Result failed(int statusCode, String error) {
            return new Result(statusCode, error, Duration.ZERO);
        }

        /** Returns true if the receiver accepted the notification. */
        boolean isDelivered() {
            return error.isEmpty();
        }
    }

    /** Sends a notification once. The returned stage never fails: a failure is a result. */
    CompletionStage<Result> send(ReceiverUrl url, byte[] json);

    /** Waits a bounded time for the notifications that are being sent. Idempotent. */
    @Override
    void close();
}
