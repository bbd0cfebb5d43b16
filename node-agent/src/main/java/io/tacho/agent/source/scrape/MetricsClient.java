// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.io.ByteArrayInputStream;
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
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Fetches metrics: within a time limit for the whole response, up to a size, compressed if the server supports it. Redirects
 * are not followed, because they might send the credentials elsewhere.
 *
 * <p>Thread safety: safe.
 */
final class MetricsClient {

    /** Some seventy times what a node without channel namespaces has. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final String ACCEPT_TEXT = "text/plain;version=0.0.4;q=1,text/plain;q=0.5";
    private static final String PROTOBUF = "application/vnd.google.protobuf";
    private static final String ACCEPT_PROTOBUF =
            PROTOBUF + ";proto=io.prometheus.client.MetricFamily;encoding=delimited;q=1,text/plain;version=0.0.4;q=0.5";

    private final ScrapeSettings settings;
    private final HttpClient http;

    MetricsClient(ScrapeSettings settings) {
        this.settings = settings;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Scraper.firstTimeout(settings));
        if (settings.trust() != null) {
            client.sslContext(settings.trust());
        }
        http = client.build();
    }

    private HttpRequest request(URI url, Exposition.Format preferred, Duration limit) {
        HttpRequest.Builder get = HttpRequest.newBuilder(url)
                .header("Accept", preferred == Exposition.Format.PROTOBUF ? ACCEPT_PROTOBUF : ACCEPT_TEXT)
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", "tacho-agent")
                .timeout(limit);
        String authorization = settings.authorization();
        if (authorization != null) {
            authorize(get, authorization);
        }
        return get.build();
    }

    private static void authorize(HttpRequest.Builder get, String authorization) {
        try {
            get.header("Authorization", authorization);
        } catch (IllegalArgumentException e) {
            // its message shows the token
            throw new IllegalArgumentException(
                    "source-token: invalid in a header (expected: one line of visible text)");
        }
    }

    /**
     * Fetches the metrics.
     *
     * @param preferred the format to ask for; the server may respond in another
     * @param limit for the whole response
     * @return exceptionally with the cause if there are none
     */
    CompletableFuture<Exposition> fetch(Exposition.Format preferred, Duration limit) {
        URI url = settings.url();
        boolean isResolved = url.getHost() != null;
        if (isResolved && !settings.hasCredentials()) {
            return send(request(url, preferred, limit), limit);
        }
        // files and the resolver may block
        return CompletableFuture.supplyAsync(() ->
                        request(isResolved ? url : resolved(url, address(settings.host())), preferred, limit))
                .thenCompose(get -> send(get, limit));
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

    private CompletableFuture<Exposition> send(HttpRequest get, Duration limit) {
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(get, bounded());
        return exchange.copy()
                // the request's own timeout ends with the headers; a body may never end
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> exchange.cancel(true))
                .thenApply(MetricsClient::exposition);
    }

    private static BodyHandler<byte[]> bounded() {
        return response -> new BoundedBody(MAX_BYTES);
    }

    private static Exposition exposition(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalArgumentException("HTTP status " + response.statusCode() + " (expected: 200)");
        }
        String encoding = header(response, "Content-Encoding", "identity");
        byte[] body = switch (encoding) {
            case "gzip", "x-gzip" -> unzipped(response.body());
            case "", "identity" -> response.body();
            default ->
                throw new IllegalArgumentException("Content-Encoding: " + encoding + " (expected: gzip or identity)");
        };
        boolean protobuf = header(response, "Content-Type", "").startsWith(PROTOBUF);
        return new Exposition(protobuf ? Exposition.Format.PROTOBUF : Exposition.Format.TEXT, body);
    }

    private static String header(HttpResponse<?> response, String name, String otherwise) {
        return response.headers().firstValue(name).orElse(otherwise).strip().toLowerCase(Locale.ROOT);
    }

    private static byte[] unzipped(byte[] zipped) {
        try (InputStream text = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            byte[] read = text.readNBytes(MAX_BYTES + 1);
            if (read.length > MAX_BYTES) {
                throw BoundedBody.tooLarge(MAX_BYTES);
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("malformed gzip", e);
        }
    }
}
