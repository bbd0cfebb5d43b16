// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import io.netty.handler.codec.http.HttpHeaders;
import io.tacho.agent.source.scrape.BoundedBody;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The application that responds to refresh requests.
 *
 * <p>Thread safety: safe.
 */
final class Application implements AutoCloseable {

    /** Centrifugo's own limit is one second by default. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    static final int MAX_RESPONSE = 1024 * 1024;

    /** Headers of one connection, and those that the client sets itself. */
    private static final Set<String> NOT_PASSED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            // the response is read
            "accept-encoding");

    private final RefreshSettings settings;
    private final ExecutorService executor =
            Executors.newFixedThreadPool(2, DaemonThreads.named("tacho-refresh-client"));
    private final HttpClient http;

    Application(RefreshSettings settings) {
        this.settings = settings;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(TIMEOUT)
                .executor(executor);
        if (settings.trust() != null) {
            client.sslContext(settings.trust());
        }
        http = client.build();
    }

    /** Posts a body; exceptionally with the cause if there is no response in time. */
    CompletableFuture<HttpResponse<byte[]>> post(HttpHeaders headers, byte[] body) {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(settings.application()).timeout(TIMEOUT).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(header -> {
            if (!NOT_PASSED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                post.header(header.getKey(), header.getValue());
            }
        });
        HttpRequest request = post.build();
        return send(request)
                .exceptionallyCompose(failure -> isClosedWhileIdle(Failures.unwrap(failure))
                        ? send(request)
                        : CompletableFuture.failedFuture(failure))
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
        return http.sendAsync(request, response -> new BoundedBody(MAX_RESPONSE));
    }

    /** Returns whether the application has closed a connection that was kept, as the request was sent: it did not read it. */
    private static boolean isClosedWhileIdle(Throwable failure) {
        return failure instanceof IOException
                && !(failure instanceof ConnectException)
                && !(failure instanceof HttpTimeoutException);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
