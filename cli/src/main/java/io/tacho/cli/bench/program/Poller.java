// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP client that sends a request and waits for the response; the JDK keeps its connection.
 *
 * @param url of the server, without a path
 */
public record Poller(String url) {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int KEPT_BYTES = 256 * 1024;

    /**
     * A response.
     *
     * @param tag the ETag; null if there is none
     * @param start the first bytes of the body
     * @param length of the whole body
     */
    public record Response(int status, @Nullable String tag, byte[] start, long length) {

        public String text() {
            return new String(start, UTF_8);
        }
    }

    public Response get(String path) throws IOException {
        return get(path, null, KEPT_BYTES);
    }

    /** Requests a body unless it is the one with this ETag. */
    public Response getUnless(String tag, String path) throws IOException {
        return get(path, tag, KEPT_BYTES);
    }

    /** Returns the whole body. */
    public byte[] body(String path) throws IOException {
        return get(path, null, Integer.MAX_VALUE).start();
    }

    private Response get(String path, @Nullable String tag, int kept) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        if (tag != null) {
            connection.setRequestProperty("If-None-Match", tag);
        }
        int status = connection.getResponseCode();
        InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        try (InputStream body = Objects.requireNonNullElseGet(stream, InputStream::nullInputStream)) {
            byte[] start = body.readNBytes(kept);
            long rest = body.transferTo(OutputStream.nullOutputStream());
            return new Response(status, connection.getHeaderField("ETag"), start, start.length + rest);
        }
    }

    /** Polls for so long; returns how long each response took, in milliseconds, sorted. */
    public double[] pollFor(long nanos, String path) throws IOException {
        DoubleStream.Builder took = DoubleStream.builder();
        long end = System.nanoTime() + nanos;
        for (long before = System.nanoTime(); before < end; ) {
            get(path);
            long after = System.nanoTime();
            took.add((after - before) / 1e6);
            before = after;
        }
        return took.build().sorted().toArray();
    }
}
