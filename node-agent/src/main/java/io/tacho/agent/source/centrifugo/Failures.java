// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Says why a scrape failed, in words for who runs it. */
final class Failures {

    private Failures() {}

    static String describe(Throwable failure, CentrifugoSettings settings) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "no whole answer within " + settings.timeout().toMillis() + " ms";
        }
        if (cause instanceof ConnectException) {
            return "cannot connect";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
