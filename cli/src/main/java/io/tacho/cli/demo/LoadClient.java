// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.netty.channel.EventLoopGroup;
import io.tacho.text.Urls;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the load: stays connected to one hub and, where that is gone, goes on to the next.
 *
 * <p>Thread safety: safe.
 */
final class LoadClient implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(LoadClient.class);

    private static final int MIN_RETRY_MILLIS = 200;
    private static final int MAX_RETRY_MILLIS = 1_000;

    private final EventLoopGroup threads;
    private final List<URI> urls;
    private final int home;
    private final String user;
    private final List<String> channels;
    private final AtomicLong lastId = new AtomicLong();

    private @Nullable DemoClient client;
    private boolean closed;

    /**
     * @param home place of the hub to begin with among the urls
     * @param channels what to follow
     */
    LoadClient(EventLoopGroup threads, List<URI> urls, int home, String user, List<String> channels) {
        this.threads = threads;
        this.urls = urls;
        this.home = home;
        this.user = user;
        this.channels = channels;
    }

    /** Connects in the background, for as long as it takes. */
    void start() {
        connect(0);
    }

    private void connect(int attempt) {
        URI url = urls.get((home + attempt) % urls.size());
        DemoClient.connect(threads, url, frame -> {}).whenComplete((opened, failure) -> {
            if (failure == null) {
                greet(opened);
            } else {
                logger.debug("{} at {}: {}", user, Urls.masked(url), failure.toString());
                connectLater(attempt + 1);
            }
        });
    }

    private void greet(DemoClient opened) {
        synchronized (this) {
            client = opened;
        }
        opened.closed().thenRun(() -> {
            synchronized (this) {
                client = null;
            }
            connectLater(0);
        });
        send("\"connect\":{\"user\":\"" + user + "\"}");
        for (String channel : channels) {
            send("\"subscribe\":{\"channel\":\"" + channel + "\"}");
        }
        if (isClosed()) {
            close();
        }
    }

    private void connectLater(int attempt) {
        if (!isClosed() && !threads.isShuttingDown()) {
            long delay = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS);
            threads.schedule(() -> reconnect(attempt), delay, TimeUnit.MILLISECONDS);
        }
    }

    private void reconnect(int attempt) {
        if (!isClosed()) {
            connect(attempt);
        }
    }

    /**
     * Sends a command.
     *
     * @param command without its id: {@code "presence":{"channel":"news"}}
     * @return false where there is no connection, or it is full
     */
    boolean send(String command) {
        DemoClient current = current();
        return current != null && current.send("{\"id\":" + lastId.incrementAndGet() + "," + command + "}");
    }

    boolean isConnected() {
        return current() != null;
    }

    private synchronized @Nullable DemoClient current() {
        return client;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Disconnects and stays so; returns at once. */
    @Override
    public void close() {
        DemoClient current;
        synchronized (this) {
            closed = true;
            current = client;
        }
        if (current != null) {
            current.disconnect();
        }
    }
}
