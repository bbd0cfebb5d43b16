// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.history;

import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for responses of Redis. */
final class Responses {

    private static final long SECONDS = 30;

    private Responses() {}

    /**
     * Returns the response.
     *
     * @throws IOException with the cause if there is none
     */
    static <T> T await(CompletionStage<T> response) throws IOException, InterruptedException {
        try {
            return response.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(Failures.message(e), e);
        } catch (TimeoutException e) {
            throw new IOException("no response from Redis within " + SECONDS + " s", e);
        }
    }
}
