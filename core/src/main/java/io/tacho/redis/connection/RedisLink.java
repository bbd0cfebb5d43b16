// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.AsyncCloseable;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.ConnectTimeoutException;
import io.tacho.concurrent.Failures;
import io.tacho.store.TransportException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is established in the background and established again whenever it is lost, with exponential backoff and
 * jitter. Each attempt reads credentials and certificates again, and its failure is logged. A connection that is open but useless
 * is replaced: one on which a command times out, that leads to a server which is no longer a master, or that is no longer
 * authenticated. If only one of several servers behind it does not respond, the commands to the others must not fail: then the
 * connection stays in use until there is a new one, and is closed when its last commands have ended.
 *
 * <p>Thread safety: safe.
 */
public final class RedisLink<C extends AsyncCloseable> implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;

    /** Establishes connections. */
    public interface Connector<C> {

        /**
         * Establishes a connection.
         *
         * @param whenLost to be run when the connection is lost, unless the client establishes it again by itself
         */
        CompletionStage<C> connect(Runnable whenLost);
    }

    /** An attempt that lasts longer is reported, so that a silent address is in the log within 2 s of the start. */
    private static final long REPORT_PENDING_MILLIS = 1_500;

    private final Connector<C> connector;
    private final String operation;
    private final String address;
    private final RedisFailureLog log;
    private final Delay backOff;
    private final ScheduledExecutorService timer;
    private final Duration overlap;

    private @Nullable CompletableFuture<C> attempt;
    private boolean replacing;
    private long failures;
    private boolean closed;

    /**
     * Creates a link that has not started.
     *
     * @param operation the name of an attempt to connect in the log
     * @param overlap the time for which a connection that is replaced stays open; zero if it is closed before the next is opened
     */
    public RedisLink(
            Connector<C> connector,
            String operation,
            String address,
            RedisFailureLog log,
            ClientResources resources,
            Duration overlap) {
        this.connector = connector;
        this.operation = operation;
        this.address = address;
        this.log = log;
        backOff = resources.reconnectDelay();
        timer = resources.eventExecutorGroup();
        this.overlap = overlap;
    }

    /** Begins to connect, if that has not begun yet. */
    public synchronized void start() {
        if (attempt == null && !closed) {
            connect();
        }
    }

    /**
     * Applies a function to the connection once the current attempt has succeeded. Fails with {@link TransportException} when there
     * is no connection and for whatever fails on the way.
     *
     * @param name the function's name in the log
     */
    public <T> CompletionStage<T> use(String name, Function<C, CompletionStage<T>> use) {
        CompletableFuture<C> current = connection();
        return current.thenCompose(connection ->
                        use.apply(connection).whenComplete((done, failure) -> finished(name, current, failure)))
                .exceptionallyCompose(failure -> {
                    Throwable cause = Failures.unwrap(failure);
                    return CompletableFuture.failedFuture(
                            cause instanceof TransportException
                                    ? cause
                                    : new TransportException(
                                            "Redis at " + address + ": "
                                                    + RedisFailure.message(RedisFailure.culprit(cause)),
                                            cause));
                });
    }

    private void finished(String name, CompletableFuture<C> current, @Nullable Throwable failure) {
        if (failure == null) {
            log.succeeded(name);
            return;
        }
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof RedisCommandExecutionException || cause instanceof RejectedServerException) {
            log.failed(name, cause);
        }
        switch (RedisFailure.of(cause)) {
            case NO_RESPONSE, REPLICA, CREDENTIALS -> {
                if (overlap.isZero()) {
                    renew(current);
                } else {
                    replace(current);
                }
            }
            default -> {}
        }
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
        Runnable whenLost = () -> started.thenAccept(connection -> lost(started, connection));
        begun(() -> connector.connect(whenLost)).whenComplete((connection, failure) -> {
            if (failure == null) {
                connected(started, connection);
            } else {
                started.completeExceptionally(failure);
                retryLater(failure);
            }
        });
        if (!started.isDone()) {
            timer.schedule(() -> reportPending(started), REPORT_PENDING_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void reportPending(CompletableFuture<C> started) {
        if (attempt == started && !started.isDone() && !closed) {
            log.failed(operation, new ConnectTimeoutException("connecting for " + REPORT_PENDING_MILLIS + " ms"));
        }
    }

    private void connected(CompletableFuture<C> started, C connection) {
        synchronized (this) {
            failures = 0;
            if (closed) {
                connection.closeAsync();
            }
        }
        log.succeeded(operation);
        started.complete(connection);
    }

    /** Connects again after a backoff; until then every use fails at once. */
    private void lost(CompletableFuture<C> connected, C connection) {
        TransportException failure = new TransportException("Redis at " + address + ": connection lost", null);
        synchronized (this) {
            if (closed || attempt != connected) {
                return;
            }
            attempt = CompletableFuture.failedFuture(failure);
            scheduleRetry(failure);
        }
        connection.closeAsync();
    }

    private void renew(CompletableFuture<C> useless) {
        CompletableFuture<C> next = new CompletableFuture<>();
        synchronized (this) {
            if (closed || attempt != useless || useless.isCompletedExceptionally()) {
                return;
            }
            attempt = next;
        }
        logger.debug("Redis at {}: replacing a useless connection", address);
        // one after the other, so that the end of this one is reported before the beginning of the next
        useless.thenCompose(AsyncCloseable::closeAsync).whenComplete((done, failure) -> connect(next));
    }

    /** Opens a new connection, and closes the useless one when its last commands have ended. */
    private void replace(CompletableFuture<C> useless) {
        synchronized (this) {
            if (closed || replacing || attempt != useless || useless.isCompletedExceptionally()) {
                return;
            }
            replacing = true;
        }
        logger.debug("Redis at {}: opening a connection that replaces a useless one", address);
        begun(() -> connector.connect(() -> {})).whenComplete((connection, failure) -> {
            synchronized (this) {
                replacing = false;
                if (failure == null && closed) {
                    connection.closeAsync();
                } else if (failure == null) {
                    log.succeeded(operation);
                    attempt = CompletableFuture.completedFuture(connection);
                    timer.schedule(
                            () -> useless.thenCompose(AsyncCloseable::closeAsync),
                            overlap.toMillis(),
                            TimeUnit.MILLISECONDS);
                } else {
                    // the next command that fails begins another attempt
                    log.failed(operation, failure);
                }
            }
        });
    }

    private synchronized void retryLater(Throwable failure) {
        if (!closed) {
            log.failed(operation, failure);
            scheduleRetry(failure);
        }
    }

    private void scheduleRetry(Throwable failure) {
        failures++;
        long delayMillis = backOff.createDelay(failures).toMillis();
        logger.debug("Redis at {}: {}; next try in {} ms", address, RedisFailure.message(failure), delayMillis);
        timer.schedule(this::retry, delayMillis, TimeUnit.MILLISECONDS);
    }

    private synchronized void retry() {
        if (!closed) {
            connect();
        }
    }

    /** {@return the stage of a call, failed if the call throws, also for a class of the client that is missing} */
    static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
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
            logger.debug("Redis at {}: not closed in order: {}", address, RedisFailure.message(e));
        }
    }
}
