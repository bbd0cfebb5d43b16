// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private static final ScrapeSettings SETTINGS = new ScrapeSettings(
            URI.create("https://h:8000"), null, null, null, null, Duration.ofSeconds(2), Duration.ofSeconds(15));

    private static String describe(Throwable failure) {
        return Failures.describe(new CompletionException(failure), SETTINGS);
    }

    @Test
    void noConnection_andNoResponse() {
        assertThat(describe(new ConnectException("no server"))).isEqualTo("cannot connect");
        assertThat(describe(new HttpTimeoutException("late"))).isEqualTo("no complete response within 2s");
        assertThat(describe(new IOException("reset"))).isEqualTo("reset");
    }

    /** The client wraps the failure if the handshake fails while it waits for the response. */
    @Test
    void tlsFailure_alone_andWrapped() {
        SSLException tls = new SSLException("not TLS");

        assertThat(describe(tls)).isEqualTo("TLS: handshake failed: not TLS");
        assertThat(describe(new IOException("header parser received no bytes", tls)))
                .isEqualTo("TLS: handshake failed: not TLS");
    }
}
