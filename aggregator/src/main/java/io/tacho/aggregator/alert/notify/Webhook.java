// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.rule.WebhookUrl;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A destination of notifications. */
interface Webhook extends AutoCloseable {

    /**
     * The result of sending a notification.
     *
     * @param status the HTTP status; 0 if there was no response
     * @param error why the notification was not accepted, without secrets; empty if it was
     * @param retryAfter the delay that the receiver requested; zero if it requested none
     */
    record Result(int status, String error, Duration retryAfter) {

        static Result delivered(int status) {
            return new Result(status, "", Duration.ZERO);
        }

        static Result failed(int status, String error) {
            return new Result(status, error, Duration.ZERO);
        }

        boolean isDelivered() {
            return error.isEmpty();
        }
    }

    /** Sends a notification once. The returned stage never fails: a failure is a result. */
    CompletionStage<Result> send(WebhookUrl url, byte[] json);

    /** Waits a bounded time for the notification that is being sent. Idempotent. */
    @Override
    void close();
}
