// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP client on one connection that asks and waits for the response.
 *
 * <p>Thread safety: one caller at a time.
 */
final class Poller implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int BUFFER_BYTES = 256 * 1024;

    /**
     * a response.
     *
     * @param headers by their names in lower case
     * @param start its first bytes
     * @param length of the whole body
     */
    record Response(int status, Map<String, String> headers, byte[] start, int length) {

        String text() {
            return new String(start, 0, Math.min(start.length, length), UTF_8);
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    Poller(String url) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = socket.getInputStream();
    }

    Response get(String path, String... headers) throws IOException {
        return ask(path, BUFFER_BYTES, headers);
    }

    /** Returns the whole body. */
    byte[] body(String path) throws IOException {
        return ask(path, Integer.MAX_VALUE).start();
    }

    private Response ask(String path, int keep, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
        String statusLine = line();
        if (!statusLine.startsWith("HTTP/1.1 ")) {
            throw new IOException("no HTTP response: " + statusLine);
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Map<String, String> found = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            found.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = status == 304 ? 0 : Integer.parseInt(found.getOrDefault("content-length", "0"));
        return new Response(status, found, read(length, keep), length);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit) {
                fill();
            }
            char next = (char) buffer[position++];
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append(next);
            }
        }
    }

    private void fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
            throw new EOFException("connection closed by the server");
        }
    }

    private byte[] read(int length, int keep) throws IOException {
        byte[] start = new byte[Math.min(length, keep)];
        int buffered = Math.min(limit - position, length);
        System.arraycopy(buffer, position, start, 0, Math.min(buffered, start.length));
        position += buffered;
        if (start.length > buffered) {
            new DataInputStream(in).readFully(start, buffered, start.length - buffered);
            buffered = start.length;
        }
        for (int left = length - buffered; left > 0; ) {
            int count = in.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException("connection closed within a response");
            }
            left -= count;
        }
        if (length > 0 && position == limit) {
            position = 0;
            limit = 0;
        }
        return start;
    }

    /** Asks again and again for so long; how long each response took, in milliseconds, sorted. */
    double[] pollFor(long nanos, String path) throws IOException {
        double[] took = new double[1_024];
        int count = 0;
        long end = System.nanoTime() + nanos;
        for (long before = System.nanoTime(); before < end; ) {
            get(path);
            long after = System.nanoTime();
            if (count == took.length) {
                took = Arrays.copyOf(took, count * 2);
            }
            took[count++] = (after - before) / 1e6;
            before = after;
        }
        double[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        return sorted;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
