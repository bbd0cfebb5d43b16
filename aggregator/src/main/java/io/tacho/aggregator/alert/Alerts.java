// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.GuardedTask;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.AlertLedger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Alerts of an aggregator: nothing runs and nothing is connected to before there are rules.
 *
 * <p>Thread safety: safe.
 */
public final class Alerts implements AutoCloseable {

    /** After how long another aggregator tells, when the one that does falls silent. */
    public static final Duration LEASE = Duration.ofSeconds(5);

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final long CLOSE_MILLIS = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(Alerts.class);

    private final AlertLedger ledger;
    private final ClusterView view;
    private final String namespace;
    private final AlertBoard board = new AlertBoard();
    private final Poster poster = new HttpPoster();
    private final ScheduledExecutorService executor = DaemonThreads.scheduler("tacho-alerts");

    private @Nullable AlertEngine engine;
    private @Nullable Future<?> turns;
    private boolean closed;

    /** Alerts without rules. */
    public Alerts(AlertLedger ledger, ClusterView view, String namespace) {
        this.ledger = ledger;
        this.view = view;
        this.namespace = namespace;
    }

    /** How things stand. */
    public AlertBoard board() {
        return board;
    }

    /**
     * Puts these rules in the place of those before, at once; what is firing by a rule that is in both goes on.
     *
     * @param port where this aggregator listens, to tell it from others on the same host
     * @return what has changed, in words without secrets; empty for nothing
     */
    public synchronized String take(AlertRules rules, int port) {
        AlertEngine running = engine;
        if (closed || (running == null ? AlertRules.NONE : running.rules()).equals(rules)) {
            return "";
        }
        if (running == null) {
            running = engine(hostName() + ":" + port);
            engine = running;
            turns = executor.scheduleWithFixedDelay(
                    new GuardedTask(running::tick, failure -> logger.error("alerts: a turn failed", failure)),
                    0,
                    TURN.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        running.take(rules);
        return "alerts: " + rules.summary();
    }

    private AlertEngine engine(String sender) {
        RateLimitedLog rareLog = new RateLimitedLog(System::nanoTime);
        return new AlertEngine(
                new SharedAlerts(ledger, executor, rareLog),
                view,
                new Outbox(poster, executor, namespace, sender, rareLog),
                board,
                sender,
                System::nanoTime,
                InstantSource.system());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Stops, and lets another aggregator tell from now on; waits a bounded time. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        AlertEngine running = engine;
        if (running != null && turns != null) {
            turns.cancel(false);
            poster.close();
            // what the last message has told is written down, so that nobody tells it again
            CompletableFuture<Void> written = new CompletableFuture<>();
            executor.execute(() -> running.writeDown(() -> written.complete(null)));
            await("what was told last is told again", written);
            await("the lease ends by itself", ledger.read(0));
        }
        executor.shutdownNow();
        ledger.close();
    }

    private static void await(String otherwise, CompletionStage<?> end) {
        try {
            end.toCompletableFuture().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.debug("alerts: {}", otherwise, e);
        }
    }
}
