// SPDX-License-Identifier: Apache-2.0
package io.tacho.agentcheck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.RateLimitedLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responds to agent-checks on one thread: a line, then the end of the connection. Connections, their time and their lines are
 * bounded; a client that sends nothing, too much or too slowly is disconnected.
 *
 * <p>Thread safety: safe.
 */
public final class AgentCheckListener implements AutoCloseable {

    /** Makes the response to a line. */
    @FunctionalInterface
    public interface Responder {

        /** Returns the response to a line, without a line break; null for none. */
        @Nullable
        String respond(String line);
    }

    /** More connections at a time are closed. */
    static final int MAX_CONNECTIONS = 512;

    /** The longest line that a client may send, in bytes: a name of 255 characters. */
    static final int MAX_LINE = 1_024;

    /** The longest time from connecting to disconnecting. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Logger logger = LoggerFactory.getLogger(AgentCheckListener.class);

    private static final Duration SWEEP = Duration.ofMillis(500);

    private final ServerSocketChannel server;
    private final Selector selector;
    private final boolean readsLine;
    private final Responder responder;
    private final Duration sweep;
    private final RateLimitedLog log = new RateLimitedLog(System::nanoTime);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;

    private AgentCheckListener(
            ServerSocketChannel server, Selector selector, boolean readsLine, Responder responder, Duration sweep) {
        this.server = server;
        this.selector = selector;
        this.readsLine = readsLine;
        this.responder = responder;
        this.sweep = sweep;
    }

    /**
     * Starts listening.
     *
     * @param readsLine whether clients send a line first ({@code agent-send}); otherwise the line is empty
     * @param responder returns the response to a line; null to close the connection without one, so that nothing changes
     * @throws IllegalArgumentException if it cannot listen there
     */
    public static AgentCheckListener open(InetSocketAddress address, boolean readsLine, Responder responder) {
        return open(address, readsLine, responder, SWEEP);
    }

    /**
     * Starts listening.
     *
     * @param sweep the time between two searches for expired connections, and until accepting is tried again
     */
    static AgentCheckListener open(InetSocketAddress address, boolean readsLine, Responder responder, Duration sweep) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            try {
                server.bind(address, MAX_CONNECTIONS);
                server.configureBlocking(false);
                Selector selector = Selector.open();
                server.register(selector, SelectionKey.OP_ACCEPT);
                AgentCheckListener listener = new AgentCheckListener(server, selector, readsLine, responder, sweep);
                DaemonThreads.start("tacho-agent-check", listener::run);
                logger.info("agent-checks are responded to on {}:{}", address.getHostString(), listener.port());
                return listener;
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "agent-check-listen: cannot listen on " + address.getHostString() + ":" + address.getPort()
                            + " (expected: a free address of this machine)",
                    e);
        }
    }

    /** {@return the port on which it listens} */
    public int port() {
        return server.socket().getLocalPort();
    }

    /** A connection, from its first byte to its end. */
    private static final class Check {

        final long sinceNanos = System.nanoTime();
        final ByteBuffer line = ByteBuffer.allocate(MAX_LINE);
        boolean responded;

        boolean isExpired() {
            return System.nanoTime() - sinceNanos > TIMEOUT.toNanos();
        }
    }

    private void run() {
        long sweptNanos = System.nanoTime();
        while (!closed) {
            try {
                selector.select(this::handle, sweep.toMillis());
                if (System.nanoTime() - sweptNanos >= sweep.toNanos()) {
                    sweptNanos = System.nanoTime();
                    sweep();
                }
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }
        new ArrayList<>(selector.keys()).forEach(key -> close(key.channel()));
        try {
            selector.close();
        } catch (IOException e) {
            logger.debug("agent-check: not closed", e);
        }
        ended.countDown();
    }

    private void handle(SelectionKey key) {
        if (key.isValid() && key.isAcceptable()) {
            accept(key);
        } else if (key.attachment() instanceof Check check) {
            try {
                read((SocketChannel) key.channel(), check);
            } catch (IOException e) {
                // the client is gone
                close(key.channel());
            } catch (RuntimeException e) {
                failed(e);
                close(key.channel());
            }
        }
    }

    private void accept(SelectionKey key) {
        SocketChannel connection;
        try {
            connection = server.accept();
        } catch (IOException e) {
            // e.g. no file descriptor is free: tried again with the next sweep
            key.interestOps(0);
            return;
        }
        if (connection == null) {
            return;
        }
        try {
            begin(connection);
        } catch (IOException e) {
            // the client is gone
            close(connection);
        } catch (RuntimeException e) {
            failed(e);
            close(connection);
        }
    }

    private void begin(SocketChannel connection) throws IOException {
        if (selector.keys().size() > MAX_CONNECTIONS) {
            connection.close();
            return;
        }
        connection.configureBlocking(false);
        Check check = new Check();
        connection.register(selector, SelectionKey.OP_READ, check);
        if (!readsLine) {
            respond(connection, check, "");
        }
    }

    private void read(SocketChannel connection, Check check) throws IOException {
        if (check.responded) {
            check.line.clear();
        }
        int count = connection.read(check.line);
        if (check.responded) {
            if (count < 0) {
                connection.close();
            }
            return;
        }
        int end = lineEnd(check.line);
        if (end >= 0 || (count < 0 && check.line.position() > 0)) {
            respond(connection, check, new String(check.line.array(), 0, end < 0 ? check.line.position() : end, UTF_8));
        } else if (count < 0 || !check.line.hasRemaining()) {
            connection.close();
        }
    }

    private static int lineEnd(ByteBuffer line) {
        for (int i = 0; i < line.position(); i++) {
            if (line.get(i) == '\n' || line.get(i) == '\r') {
                return i;
            }
        }
        return -1;
    }

    private void respond(SocketChannel connection, Check check, String line) throws IOException {
        check.responded = true;
        String response = responder.respond(line.strip());
        if (response == null) {
            connection.close();
            return;
        }
        // fits into the empty buffer of the socket; the client closes, so that nothing of it is discarded
        connection.write(ByteBuffer.wrap((response + "\n").getBytes(UTF_8)));
        connection.shutdownOutput();
    }

    private void sweep() {
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            if (key.attachment() instanceof Check check && check.isExpired()) {
                close(key.channel());
            } else if (key.isValid() && key.channel() == server) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    private void failed(Exception failure) {
        if (log.isDue("check")) {
            logger.error("agent-check: a response failed; the next one is made", failure);
        }
    }

    /** Stops listening and ends all connections; waits a bounded time. Idempotent. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            ended.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
