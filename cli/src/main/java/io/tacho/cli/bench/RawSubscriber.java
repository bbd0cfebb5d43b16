// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.concurrent.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A subscriber that measures the upper limit: counts messages and discards them unread.
 *
 * <p>Thread safety: safe.
 */
final class RawSubscriber implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 * 1024;

    private final Socket socket;
    private final AtomicLong received = new AtomicLong();

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    RawSubscriber(int redisPort, String channel) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), redisPort);
        socket.getOutputStream().write(Resp.command("SUBSCRIBE", channel));
        // the response has the form of a message, but for its last part
        skipTexts(2);
        number();
        DaemonThreads.start("tacho-bench-subscriber", this::receive);
    }

    long received() {
        return received.get();
    }

    private void receive() {
        try {
            while (true) {
                skipTexts(3);
                // one writer
                received.lazySet(received.get() + 1);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void skipTexts(int count) throws IOException {
        number();
        for (int i = 0; i < count; i++) {
            skip(number() + 2);
        }
    }

    /** Returns the number of a line such as {@code *3} or {@code $700}. */
    private int number() throws IOException {
        int number = 0;
        for (int next = read(); next != '\n'; next = read()) {
            if (next >= '0' && next <= '9') {
                number = number * 10 + next - '0';
            }
        }
        return number;
    }

    private int read() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++];
    }

    private void skip(int count) throws IOException {
        int left = count;
        while (left > limit - position) {
            left -= limit - position;
            fill();
        }
        position += left;
    }

    private void fill() throws IOException {
        InputStream in = socket.getInputStream();
        position = 0;
        limit = in.read(buffer);
        if (limit < 0) {
            limit = 0;
            throw new IOException("closed");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Returns the channel of the namespace's only partition. */
    static String channel(String namespace) {
        return "{" + namespace + ":0}:snapshots";
    }
}
