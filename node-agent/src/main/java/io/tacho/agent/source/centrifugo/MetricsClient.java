// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches {@code /metrics}: within a time limit for the whole of it, up to a size, compressed where the server can. Redirects
 * are not followed, for they might lead the credentials astray.
 *
 * <p>Thread safety: safe.
 */
final class MetricsClient {

    /** Some seventy times what a node without channel namespaces has. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private final CentrifugoSettings settings;
    private final HttpClient http;
    /** Null if the host has to be resolved for each request. */
    private final @Nullable HttpRequest request;

    MetricsClient(CentrifugoSettings settings) {
        this.settings = settings;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout());
        if (settings.trust() != null) {
            client.sslContext(settings.trust());
        }
        http = client.build();
        request = settings.url().getHost() == null ? null : request(settings.url());
    }

    private HttpRequest request(URI url) {
        HttpRequest.Builder get = HttpRequest.newBuilder(url)
                .header("Accept", "text/plain;version=0.0.4;q=1,text/plain;q=0.5")
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "tacho-agent")
                .timeout(settings.timeout());
        String authorization = settings.authorization();
        if (authorization != null) {
            get.header("Authorization", authorization);
        }
        return get.build();
    }

    /** Returns the text; exceptionally with what went wrong. */
    CompletableFuture<String> fetch() {
        return request != null
                ? send(request)
                : CompletableFuture.supplyAsync(() -> request(resolved(settings.url(), address(settings.host()))))
                        .thenCompose(this::send);
    }

    /** Resolves a host name with underscores: Java's HTTP client does not accept it. */
    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("cannot resolve host '" + host + "'", e);
        }
    }

    /** Returns the URL with an address in place of its host. */
    static URI resolved(URI url, InetAddress address) {
        String literal = address.getHostAddress().replaceFirst("%.*", "");
        String host = literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal;
        String port = url.getRawAuthority().replaceFirst("^[^:]*", "");
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create(url.getScheme() + "://" + host + port + url.getRawPath() + query);
    }

    private CompletableFuture<String> send(HttpRequest get) {
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(get, bounded());
        return exchange.copy()
                // the request's own timeout ends with the headers; a body may drip for ever
                .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> exchange.cancel(true))
                .thenApply(MetricsClient::text);
    }

    private static BodyHandler<byte[]> bounded() {
        return response -> new BoundedBody();
    }

    private static String text(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalArgumentException("HTTP status " + response.statusCode() + " (expected: 200)");
        }
        String encoding = response.headers()
                .firstValue("Content-Encoding")
                .orElse("identity")
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "gzip", "x-gzip" -> new String(unzipped(response.body()), UTF_8);
            case "", "identity" -> new String(response.body(), UTF_8);
            default ->
                throw new IllegalArgumentException("Content-Encoding: " + encoding + " (expected: gzip or identity)");
        };
    }

    private static byte[] unzipped(byte[] zipped) {
        try (InputStream text = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            byte[] read = text.readNBytes(MAX_BYTES + 1);
            if (read.length > MAX_BYTES) {
                throw tooLarge();
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("malformed gzip", e);
        }
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("response of more than " + MAX_BYTES + " bytes (expected: less)");
    }

    /** Takes a body in, and hangs up when it becomes too large. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > MAX_BYTES) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    body.completeExceptionally(tooLarge());
                    return;
                }
                byte[] chunk = new byte[buffer.remaining()];
                buffer.get(chunk);
                bytes.writeBytes(chunk);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
