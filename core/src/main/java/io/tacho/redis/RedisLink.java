// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.AsyncCloseable;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.tacho.concurrent.Failures;
import io.tacho.store.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is established in the background, also if Redis is not available at first. The client reconnects an
 * established connection by itself. This class additionally retries the first connection until it succeeds, and replaces a
 * connection that is open but useless: the server does not reply, or is no longer a master.
 *
 * <p>Thread safety: safe.
 */
final class RedisLink<C extends AsyncCloseable> implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;

    private final Supplier<CompletionStage<C>> connector;
    private final String address;
    private final Delay backOff;
    private final ScheduledExecutorService timer;

    private @Nullable CompletableFuture<C> attempt;
    private long failures;
    private boolean closed;

    RedisLink(Supplier<CompletionStage<C>> connector, String address, ClientResources resources) {
        this.connector = connector;
        this.address = address;
        backOff = resources.reconnectDelay();
        timer = resources.eventExecutorGroup();
    }

    /** Begins to connect, if that has not begun yet. */
    synchronized void start() {
        if (attempt == null && !closed) {
            connect();
        }
    }

    /**
     * Applies {@code use} to the connection as soon as it is established. Fails with
     * {@link TransportException} when there is no connection, and for whatever fails on the way.
     */
    <T> CompletionStage<T> use(Function<C, CompletionStage<T>> use) {
        CompletableFuture<C> current = connection();
        return current.thenCompose(use).exceptionallyCompose(failure -> {
            Throwable cause = Failures.unwrap(failure);
            if (cause instanceof RedisCommandTimeoutException || isReadOnly(cause)) {
                renew(current);
            }
            return CompletableFuture.failedFuture(
                    cause instanceof TransportException
                            ? cause
                            : new TransportException("Redis at " + address + ": " + rootMessage(cause), cause));
        });
    }

    /** Before Redis 7 a script's error has the error that it met in its midst. */
    private static boolean isReadOnly(Throwable failure) {
        String message = failure.getMessage();
        return failure instanceof RedisCommandExecutionException && message != null && message.contains("READONLY");
    }

    private synchronized CompletableFuture<C> connection() {
        if (closed) {
            return CompletableFuture.failedFuture(new TransportException("Redis at " + address + ": closed", null));
        }
        start();
        CompletableFuture<C> current = attempt;
        return current == null ? CompletableFuture.failedFuture(new IllegalStateException("not started")) : current;
    }

    private void connect() {
        CompletableFuture<C> started = new CompletableFuture<>();
        attempt = started;
        connect(started);
    }

    private void connect(CompletableFuture<C> started) {
        begun(connector).whenComplete((connection, failure) -> {
            if (failure == null) {
                connected(started, connection);
            } else {
                started.completeExceptionally(failure);
                retryLater(failure);
            }
        });
    }

    private void connected(CompletableFuture<C> started, C connection) {
        synchronized (this) {
            failures = 0;
            if (closed) {
                connection.closeAsync();
            }
        }
        started.complete(connection);
    }

    private void renew(CompletableFuture<C> useless) {
        CompletableFuture<C> next = new CompletableFuture<>();
        synchronized (this) {
            if (closed || attempt != useless || useless.isCompletedExceptionally()) {
                return;
            }
            attempt = next;
        }
        logger.debug("Redis at {}: the connection is of no use, making another", address);
        // one after the other, so that the end of this one is reported before the beginning of the next
        useless.thenCompose(AsyncCloseable::closeAsync).whenComplete((done, failure) -> connect(next));
    }

    private synchronized void retryLater(Throwable failure) {
        if (closed) {
            return;
        }
        failures++;
        long delayMillis = backOff.createDelay(failures).toMillis();
        logger.debug("Redis at {}: {}; next try in {} ms", address, rootMessage(failure), delayMillis);
        timer.schedule(this::retry, delayMillis, TimeUnit.MILLISECONDS);
    }

    private synchronized void retry() {
        if (!closed) {
            connect();
        }
    }

    /** A stage in any case: what fails before there is one has failed all the same. */
    static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> beginning) {
        try {
            return beginning.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
            if (cause instanceof SSLException) {
                // more specific than its causes
                return "TLS: " + cause.getMessage();
            }
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        CompletableFuture<C> current;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            current = attempt;
        }
        if (current == null || !current.isDone() || current.isCompletedExceptionally()) {
            return;
        }
        try {
            current.join().closeAsync().get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            logger.debug("Redis at {}: not closed in order: {}", address, rootMessage(e));
        }
    }
}
