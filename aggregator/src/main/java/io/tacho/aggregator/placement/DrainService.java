// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.concurrent.Failures;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.NodeCommands;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of operators to nodes, and waits until the node acknowledges with a beat. The service keeps nothing: the
 * command is in the store and the state in the node's beats, so that a restart of the aggregator loses only the response.
 *
 * <p>Thread safety: safe.
 */
public final class DrainService {

    /** More commands that wait for an acknowledgment are rejected. */
    static final int MAX_WAITING = 100;

    /** The time that a command waits for its node; longer for nodes with a long publish interval. */
    static final Duration TTL = Duration.ofSeconds(60);

    private static final Duration MAX_WAIT = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(5);

    private final ClusterView view;
    private final NodeCommands commands;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Creates a service that waits for acknowledgments in the executor. */
    public DrainService(
            ClusterView view, NodeCommands commands, ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.view = view;
        this.commands = commands;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** Sends a command to a node; completed when the node has acknowledged it, or will not. */
    public CompletionStage<DrainResult> send(String uid, Action action) {
        KnownNode node = view.find(uid).orElse(null);
        DrainResult rejection = node == null ? unknown() : rejection(node);
        if (node == null || rejection != null) {
            return CompletableFuture.completedFuture(rejection);
        }
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.completedFuture(DrainResult.error(
                    DrainResult.UNAVAILABLE, MAX_WAITING + " commands wait already (expected: fewer); try again"));
        }
        Duration interval = interval(node);
        Duration ttl = max(interval.multipliedBy(3), TTL);
        Pending pending = new Pending(
                node, NodeCommand.of(action), min(interval.multipliedBy(2).plus(GRACE), MAX_WAIT), ttl);
        return commands.send(uid, pending.command, ttl)
                .thenCompose(sent -> {
                    executor.execute(pending);
                    return pending.result;
                })
                .exceptionally(failure -> DrainResult.error(
                        DrainResult.UNAVAILABLE, "the command was not stored in Redis: " + Failures.message(failure)))
                .whenComplete((result, failure) -> waiting.decrementAndGet());
    }

    private DrainResult unknown() {
        return view.isEveryPartitionLoadedOnce()
                ? DrainResult.error(
                        DrainResult.NO_SUCH_NODE, "no such node (expected: the uid of one that /nodes lists)")
                : DrainResult.error(DrainResult.UNAVAILABLE, "the nodes were not read from Redis yet");
    }

    private @Nullable DrainResult rejection(KnownNode node) {
        if (!view.isConnected(node)) {
            return DrainResult.error(
                    DrainResult.UNAVAILABLE, "Redis is not reachable: the command would not be acknowledged");
        }
        return node.stateAt(nanoTime.getAsLong()) == NodeState.STALE
                ? DrainResult.error(
                        DrainResult.CONFLICT,
                        "the node is stale (expected: a live one, whose beats acknowledge commands)")
                : null;
    }

    private static Duration interval(KnownNode node) {
        long millis = node.envelope().status().publishIntervalMillis();
        return millis == 0 ? USUAL_INTERVAL : Duration.ofMillis(millis);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** A command that waits for its acknowledgment. */
    private final class Pending implements Runnable {

        private final String uid;
        private final NodeCommand command;
        private final boolean wasDraining;
        private final @Nullable String before;
        private final Duration wait;
        private final Duration ttl;
        private final long sinceNanos = nanoTime.getAsLong();
        private final CompletableFuture<DrainResult> result = new CompletableFuture<>();

        Pending(KnownNode node, NodeCommand command, Duration wait, Duration ttl) {
            uid = node.uid();
            this.command = command;
            wasDraining = node.isDraining();
            before = node.envelope().status().command();
            this.wait = wait;
            this.ttl = ttl;
        }

        @Override
        public void run() {
            KnownNode node = view.find(uid).orElse(null);
            DrainResult found = node == null ? left() : result(node);
            if (found != null) {
                result.complete(found);
            } else if (nanoTime.getAsLong() - sinceNanos > wait.toNanos()) {
                result.complete(DrainResult.error(
                        DrainResult.NOT_ACKNOWLEDGED,
                        "no beat of the node has acknowledged the command within " + Durations.format(wait)
                                + " (expected: an agent that knows commands, with the right to read them); it is"
                                + " withdrawn when it expires, " + Durations.format(ttl) + " after it was sent"));
            } else {
                executor.schedule(this, POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private DrainResult left() {
            return DrainResult.error(DrainResult.NO_SUCH_NODE, "the node has left before it acknowledged the command");
        }

        private @Nullable DrainResult result(KnownNode node) {
            String acknowledged = node.envelope().status().command();
            if (!command.id().equals(acknowledged)) {
                return acknowledged == null || acknowledged.equals(before)
                        ? null
                        : DrainResult.error(
                                DrainResult.CONFLICT,
                                "a later command has replaced this one (expected: one at a time)");
            }
            if (command.action() == Action.UNDRAIN && node.isDraining()) {
                return DrainResult.error(
                        DrainResult.CONFLICT,
                        "the node itself has announced that it leaves (expected: draining by a command)");
            }
            return DrainResult.acknowledged(node, command.action(), node.isDraining() != wasDraining);
        }
    }
}
