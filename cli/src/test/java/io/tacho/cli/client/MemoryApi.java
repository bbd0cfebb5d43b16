// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An in-memory aggregator API; requests do not leave the process. */
public final class MemoryApi {

    private record Response(int status, byte[] body, Map<String, String> headers) {}

    private static final Response ABSENT =
            new Response(404, "{\"error\":{\"message\":\"no such path\"}}".getBytes(UTF_8), Map.of());

    private static final Map<String, MemoryApi> BY_HOST = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final URI url = URI.create("memory://api-" + NUMBER.incrementAndGet());
    private final Map<String, Response> responses = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public MemoryApi() {
        BY_HOST.put(url.getHost(), this);
    }

    /** Responds to a path, with its query, with a JSON text and status 200. */
    public MemoryApi on(String path, String body) {
        return on(path, 200, body.getBytes(UTF_8), Map.of());
    }

    public MemoryApi on(String path, int status, String body) {
        return on(path, status, body.getBytes(UTF_8), Map.of());
    }

    MemoryApi on(String path, int status, byte[] body, Map<String, String> headers) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        responses.put(path, new Response(status, body, anyCase));
        return this;
    }

    /** Makes a path unreachable. */
    public MemoryApi down(String path) {
        return on(path, 0, "");
    }

    /** {@return the requests so far: method, path, and the key where there is one} */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public ApiClient client() {
        return client(null);
    }

    ApiClient client(String key) {
        return new ApiClient(url, key, null);
    }

    private final class Connection extends HttpURLConnection {

        private Response response;

        Connection(URL url) {
            super(url);
        }

        private Response response() throws IOException {
            if (response == null) {
                String key = getRequestProperty("X-API-Key");
                requests.add(getRequestMethod() + " " + getURL().getFile() + (key == null ? "" : " " + key));
                response = responses.getOrDefault(getURL().getFile(), ABSENT);
            }
            if (response.status() == 0) {
                throw new ConnectException("Connection refused");
            }
            return response;
        }

        @Override
        public int getResponseCode() throws IOException {
            return response().status();
        }

        @Override
        public String getHeaderField(String name) {
            return response.headers().get(name);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ByteArrayInputStream(response().body());
        }

        @Override
        public InputStream getErrorStream() {
            return response.body().length == 0 ? null : new ByteArrayInputStream(response.body());
        }

        @Override
        public OutputStream getOutputStream() {
            return new ByteArrayOutputStream();
        }

        @Override
        public void connect() {}

        @Override
        public void disconnect() {}

        @Override
        public boolean usingProxy() {
            return false;
        }
    }

    /** Opens {@code memory} URLs; found by its entry in META-INF/services. */
    public static final class Handlers extends URLStreamHandlerProvider {

        @Override
        public URLStreamHandler createURLStreamHandler(String protocol) {
            return !protocol.equals("memory")
                    ? null
                    : new URLStreamHandler() {
                        @Override
                        protected URLConnection openConnection(URL opened) {
                            return BY_HOST.get(opened.getHost()).new Connection(opened);
                        }
                    };
        }
    }
}
