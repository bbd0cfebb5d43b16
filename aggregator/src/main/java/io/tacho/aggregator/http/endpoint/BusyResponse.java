// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.concurrent.Failures;
import io.tacho.store.TransportException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** The response to a request whose computation was rejected because too many others wait, or that Redis does not respond to. */
final class BusyResponse {

    private BusyResponse() {}

    /**
     * Returns 503 with the message of a {@link RejectedExecutionException} or {@link TransportException}.
     *
     * @throws CompletionException if the failure is another one
     */
    static FullResponse of(Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof RejectedExecutionException) {
            return FullResponse.error(HttpResponseStatus.SERVICE_UNAVAILABLE, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof TransportException) {
            return FullResponse.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "Redis cannot be read now: " + Failures.message(cause));
        }
        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }
}
