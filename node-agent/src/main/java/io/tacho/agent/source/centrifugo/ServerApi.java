// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.text.Urls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The server API of a Centrifugo, for {@code info}.
 *
 * <p>Thread safety: safe.
 */
public final class ServerApi {

    private static final String COMMAND = "{\"method\":\"info\",\"params\":{}}";

    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final HttpClient http;
    private final HttpRequest request;
    private final Duration timeout;
    private final int port;

    /**
     * Creates a client.
     *
     * @param url of the API, {@code http://127.0.0.1:8000/api}
     * @param key the API key; null if the API requires none
     * @param trust the CAs to trust under TLS; null for Java's trust store
     * @param timeout for a whole response
     * @throws IllegalArgumentException if the URL is invalid
     */
    public ServerApi(URI url, @Nullable String key, @Nullable SSLContext trust, Duration timeout) {
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?") || url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "source-api: '" + Urls.masked(url) + "' (expected: http[s]://host[:port]/api)");
        }
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout);
        if (trust != null) {
            client.sslContext(trust);
        }
        http = client.build();
        HttpRequest.Builder post = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .timeout(timeout)
                .POST(BodyPublishers.ofString(COMMAND));
        if (key != null) {
            // the second one from version 5 on
            post.header("Authorization", "apikey " + key).header("X-API-Key", key);
        }
        request = post.build();
        this.timeout = timeout;
        port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    /** Returns the port of the API, which is part of a Centrifugo's default name. */
    int port() {
        return port;
    }

    /** Requests the nodes of the cluster; exceptionally with the cause if there is no response. */
    CompletableFuture<String> info() {
        return http.sendAsync(request, BodyHandlers.ofInputStream())
                .thenApplyAsync(ServerApi::text)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String text(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IllegalArgumentException("HTTP status " + response.statusCode() + " (expected: 200)");
            }
            return new String(body.readNBytes(MAX_BYTES), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
