// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.concurrent.CompletionStage;

/** Sends messages to a webhook. */
interface Poster extends AutoCloseable {

    /**
     * What became of a message.
     *
     * @param status of the answer; 0 where there was none
     * @param problem why it is not known to have arrived, without secrets; empty where it is
     */
    record Outcome(int status, String problem) {

        boolean isDelivered() {
            return problem.isEmpty();
        }
    }

    /** Posts a message; never fails: what went wrong is the outcome. */
    CompletionStage<Outcome> post(WebhookAddress address, byte[] json);

    /** Waits a bounded time for a message that is on its way. Idempotent. */
    @Override
    void close();
}
