// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.tls.TlsFailures;
import io.tacho.units.Durations;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Describes why a scrape failed, for operators. */
final class Failures {

    private Failures() {}

    static String describe(Throwable failure, ScrapeSettings settings) {
        Throwable cause = io.tacho.concurrent.Failures.unwrap(failure);
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "no complete response within " + Durations.format(settings.timeout());
        }
        if (cause instanceof ConnectException) {
            return "cannot connect";
        }
        // the client wraps it if it has begun to wait for the response
        SSLException tls = io.tacho.concurrent.Failures.find(SSLException.class, cause);
        return tls == null ? io.tacho.concurrent.Failures.message(cause) : TlsFailures.describe(tls);
    }
}
