// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.text.Urls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks an aggregator. By the JDK's older client, which starts in half the time and gives up by itself when a stream falls
 * silent.
 *
 * <p>Thread safety: safe.
 */
public final class ApiClient {

    /**
     * Nodes of one response.
     *
     * @param staleMillis how old the view is that they come from
     * @param stalePartitions the share of the view that is as old, e.g. {@code 3/8}; empty for all of it
     */
    public record Stats(List<JsonNode> nodes, long metricsIntervalSeconds, long staleMillis, String stalePartitions) {}

    /** Takes the events of a stream. */
    public interface EventListener {
        /** Called when the stream begins. */
        void opened();

        /** Called for each event. */
        void event(String type, JsonNode data);
    }

    private static final int CONNECT_MILLIS = 5_000;
    /** The aggregator sends a sign of life every ten seconds. */
    private static final int SILENCE_MILLIS = 25_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final @Nullable String key;
    private final @Nullable SSLSocketFactory trusted;

    /** @param trusted sockets with the CAs to trust under HTTPS; null for Java's */
    ApiClient(URI url, @Nullable String key, @Nullable SSLSocketFactory trusted) {
        this.url = url;
        this.key = key;
        this.trusted = trusted;
    }

    /** Returns the aggregator's URL without its secrets. */
    public String url() {
        return Urls.masked(url);
    }

    /** {@return the HTTP status of a health check} */
    public int status(String path, int timeoutMillis) throws IOException {
        HttpURLConnection connection = open(path);
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        return connection.getResponseCode();
    }

    /**
     * Returns the nodes of {@code /stats}.
     *
     * @throws ApiException if the response is none of an aggregator
     * @throws IOException if it does not respond
     */
    public Stats stats() throws IOException {
        HttpURLConnection connection = open("/stats");
        connection.setRequestProperty("Accept-Encoding", "gzip");
        try (InputStream body = body(connection)) {
            JsonNode data = JSON.readTree(body).path("data");
            if (!data.path("nodes").isArray()) {
                throw new ApiException(url() + "/stats: no nodes in the response (expected: an aggregator of Tacho)");
            }
            List<JsonNode> nodes = new ArrayList<>();
            data.path("nodes").forEach(nodes::add);
            String stale = connection.getHeaderField("X-Tacho-Stale-Ms");
            return new Stats(
                    nodes,
                    data.path("metrics_interval").asLong(),
                    stale == null ? 0 : Long.parseLong(stale),
                    share(connection.getHeaderField("X-Tacho-Stale-Partitions")));
        }
    }

    private static String share(@Nullable String partitions) {
        int slash = partitions == null ? -1 : partitions.indexOf('/');
        boolean all = partitions != null
                && slash >= 0
                && partitions.substring(0, slash).equals(partitions.substring(slash + 1));
        return partitions == null || slash < 0 || all ? "" : partitions;
    }

    /** {@return the response of {@code /cluster}} */
    public JsonNode cluster() throws IOException {
        return get("/cluster");
    }

    /** {@return the response of {@code /membership}} */
    public JsonNode membership() throws IOException {
        return get("/membership");
    }

    /**
     * Returns the JSON response of a path.
     *
     * @throws ApiException with the aggregator's message if it rejects the request
     * @throws IOException if it does not respond
     */
    public JsonNode get(String path) throws IOException {
        HttpURLConnection connection = open(path);
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_BAD_REQUEST || status == HttpURLConnection.HTTP_NOT_FOUND) {
            throw rejection(connection);
        }
        try (InputStream body = body(connection)) {
            return JSON.readTree(body);
        }
    }

    /**
     * Returns the text of a path in a format.
     *
     * @throws ApiException with the aggregator's message if it rejects the request
     * @throws IOException if it does not respond
     */
    public String text(String path, String format) throws IOException {
        HttpURLConnection connection = open(path);
        connection.setRequestProperty("Accept", format);
        if (connection.getResponseCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
            throw rejection(connection);
        }
        try (InputStream body = body(connection)) {
            return new String(body.readAllBytes(), UTF_8);
        }
    }

    /**
     * Posts without a body, and returns the JSON response.
     *
     * @throws ApiException with the aggregator's message if it does not do what was requested
     * @throws IOException if it does not respond
     */
    public JsonNode post(String path) throws IOException {
        HttpURLConnection connection = open(path);
        connection.setRequestMethod("POST");
        connection.setFixedLengthStreamingMode(0);
        connection.setDoOutput(true);
        connection.getOutputStream().close();
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED && key != null) {
            throw new ApiException("the aggregator rejects the key (expected: the admin key)");
        }
        if (status >= 400 && status != HttpURLConnection.HTTP_UNAUTHORIZED) {
            throw rejection(connection);
        }
        try (InputStream body = body(connection)) {
            return JSON.readTree(body);
        }
    }

    /** Returns the exception with the message of an error response. */
    private static ApiException rejection(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            String message =
                    body == null ? "" : JSON.readTree(body).at("/error/message").asText();
            return new ApiException(message.isEmpty() ? "status " + connection.getResponseCode() : message);
        }
    }

    /** Follows the events from the beginning until the stream ends. */
    public void follow(EventListener listener) throws IOException {
        HttpURLConnection connection = open("/events");
        connection.setRequestProperty("Accept", "text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body(connection), UTF_8))) {
            listener.opened();
            String type = "message";
            String line = lines.readLine();
            while (line != null) {
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    listener.event(type, JSON.readTree(line.substring(6)));
                } else if (line.isEmpty()) {
                    type = "message";
                }
                line = lines.readLine();
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(SILENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (trusted != null && connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(trusted);
        }
        if (key != null) {
            connection.setRequestProperty("X-API-Key", key);
        }
        return connection;
    }

    private InputStream body(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status == 401 || status == 403) {
            throw new ApiException(
                    key == null
                            ? "the aggregator requires a key (expected: TACHO_API_KEY in the environment, or --api-key-file)"
                            : "the aggregator rejects the key (expected: one that may read)");
        }
        if (status >= 500) {
            throw new IOException("status " + status);
        }
        if (status != 200) {
            throw new ApiException(Urls.masked(connection.getURL().toString()) + ": status " + status
                    + " (expected: 200, from an aggregator of Tacho)");
        }
        InputStream body = connection.getInputStream();
        return "gzip".equals(connection.getContentEncoding()) ? new GZIPInputStream(body) : body;
    }
}
