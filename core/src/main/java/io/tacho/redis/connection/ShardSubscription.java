// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.EventExecutor;
import io.tacho.concurrent.Failures;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription by sharded pub/sub in Redis Cluster: each channel is subscribed at the master of its slot.
 *
 * <p><b>Problem.</b> A channel belongs to a slot, and a slot moves: by a fail-over, by resharding, or because a master stops
 * responding while its connection stays open. Redis reports some of these ({@code sunsubscribe}, a closed connection) and
 * not others. The listener must know which channels deliver: it loads a partition's registry when its channel begins to. A master
 * that is down must not affect the channels of the others.
 *
 * <p><b>State.</b> A channel is unassigned, assigned to a shard (a connection to one master), or confirmed, after
 * {@code SSUBSCRIBE} succeeded there. All state belongs to one executor; callbacks of the client are handed over to it.
 *
 * <p><b>Invariants.</b> (1) A confirmed channel is assigned. (2) The shard of an assigned channel is in {@code shards}.
 * (3) A confirmation or loss counts only if the channel is still assigned to the shard that reports it, so a late callback of
 * a replaced shard changes nothing. (4) A channel is confirmed exactly if the listener's last notification of its partition is
 * that it is subscribed.
 *
 * <p><b>Why every change is found.</b> A reported loss removes the assignment and schedules a refresh of the slot map. For the
 * others, the periodic check pings each shard, ends one that fails, and compares each assignment with the current slot map. A
 * refresh that fails, or finds no master, schedules the next one. So each unassigned channel has a refresh ahead of it.
 *
 * <p>Thread safety: all state is confined to one executor; messages are read on the client's threads.
 */
final class ShardSubscription implements Subscription {

    private static final Logger logger = LoggerFactory.getLogger(ShardSubscription.class);

    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;

    private final ClusterConnector connector;
    private final AsyncClient client;
    private final List<String> channels;
    private final EnvelopeReader reader;
    private final RedisFailureLog log;
    private final ClientResources resources;
    private final Duration pingInterval;
    private final EventExecutor executor;

    /** The connections to masters that have a channel, by host and port, and the shard of each assigned channel. */
    private final Map<String, Shard> shards = new HashMap<>();

    private final Map<String, Shard> assigned = new HashMap<>();

    private final Set<String> confirmed = new HashSet<>();
    private boolean refreshDue;
    private long failures;
    private boolean closed;
    private volatile @Nullable Future<?> periodicCheck;

    ShardSubscription(
            ClusterConnector connector,
            AsyncClient client,
            List<String> channels,
            EnvelopeReader reader,
            RedisFailureLog log,
            ClientResources resources,
            Duration pingInterval) {
        this.connector = connector;
        this.client = client;
        this.channels = channels;
        this.reader = reader;
        this.log = log;
        this.resources = resources;
        this.pingInterval = pingInterval;
        executor = resources.eventExecutorGroup().next();
    }

    @Override
    public void start() {
        executor.execute(this::refreshLater);
        periodicCheck = executor.scheduleWithFixedDelay(
                this::check, pingInterval.toMillis(), pingInterval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Refreshes the slot map, then subscribes every channel that is not subscribed at its current master. */
    private void refresh() {
        if (closed) {
            return;
        }
        connector
                .refresh()
                .whenCompleteAsync(
                        (done, failure) -> {
                            refreshDue = false;
                            if (failure == null) {
                                log.succeeded("slots");
                                subscribeAll();
                            } else {
                                log.failed("slots", failure);
                                refreshLater();
                            }
                        },
                        executor);
    }

    private void refreshLater() {
        if (closed || refreshDue) {
            return;
        }
        refreshDue = true;
        failures++;
        long delayMillis = resources.reconnectDelay().createDelay(failures).toMillis();
        executor.schedule(this::refresh, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void subscribeAll() {
        if (closed) {
            return;
        }
        boolean masterMissing = false;
        for (String channel : channels) {
            RedisURI master = connector.masterOf(SlotHash.getSlot(channel));
            if (master == null) {
                masterMissing = true;
                continue;
            }
            Shard shard =
                    shards.computeIfAbsent(master.getHost() + ":" + master.getPort(), at -> new Shard(at, master));
            if (assigned.get(channel) != shard) {
                disconnected(channel);
                assigned.put(channel, shard);
                shard.subscribe(channel);
            }
        }
        shards.values().stream()
                .filter(shard -> !assigned.containsValue(shard))
                .toList()
                .forEach(Shard::end);
        if (masterMissing) {
            refreshLater();
        }
    }

    private void confirm(String channel, Shard shard) {
        if (assigned.get(channel) == shard && !closed && confirmed.add(channel)) {
            if (confirmed.size() == channels.size()) {
                failures = 0;
            }
            reader.listener().onSubscribed(channels.indexOf(channel));
        }
    }

    private void unassign(String channel, Shard shard) {
        if (assigned.remove(channel, shard)) {
            disconnected(channel);
            refreshLater();
        }
    }

    private void disconnected(String channel) {
        if (confirmed.remove(channel) && !closed) {
            reader.listener().onDisconnected(channels.indexOf(channel));
        }
    }

    /** Detects changes without a notification: a server that does not reply any more, and a slot that was moved. */
    private void check() {
        List.copyOf(shards.values()).forEach(Shard::ping);
        if (confirmed.size() == channels.size()) {
            subscribeAll();
        }
    }

    @Override
    public void close() {
        Future<?> running = periodicCheck;
        if (running == null || running.isCancelled()) {
            return;
        }
        running.cancel(false);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        executor.execute(() -> {
            closed = true;
            CompletableFuture<?>[] ends =
                    List.copyOf(shards.values()).stream().map(Shard::end).toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends).whenComplete((done, failure) -> ended.complete(null));
        });
        try {
            ended.get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            logger.debug("sharded subscription: not closed in order", e);
        }
    }

    /** A connection to one master. When it ends, its channels are assigned again, there or elsewhere. */
    private final class Shard extends RedisPubSubAdapter<String, byte[]> implements RedisConnectionStateListener {

        private final String address;
        private final CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> connection;

        Shard(String address, RedisURI uri) {
            this.address = address;
            connection = RedisLink.begun(() -> client.connectPubSubAsync(RedisConnector.CODEC, uri))
                    .toCompletableFuture()
                    .thenApply(opened -> {
                        opened.addListener((RedisPubSubListener<String, byte[]>) this);
                        opened.addListener((RedisConnectionStateListener) this);
                        return opened;
                    });
        }

        /** Sends one command per channel: channels of different slots are not allowed in one. */
        void subscribe(String channel) {
            connection
                    .thenCompose(opened -> opened.async().ssubscribe(channel))
                    .whenCompleteAsync(
                            (done, failure) -> {
                                if (failure == null) {
                                    log.succeeded("SSUBSCRIBE " + channel);
                                    confirm(channel, this);
                                    return;
                                }
                                boolean rejected = Failures.unwrap(failure) instanceof RedisCommandExecutionException;
                                if (rejected || RedisFailure.of(failure) != RedisFailure.OTHER) {
                                    log.failed("SSUBSCRIBE " + channel, failure);
                                }
                                unassign(channel, this);
                                if (!rejected) {
                                    end();
                                }
                            },
                            executor);
        }

        void ping() {
            if (connection.isDone() && !connection.isCompletedExceptionally()) {
                connection
                        .thenCompose(opened -> opened.async().ping())
                        .whenCompleteAsync(
                                (pong, failure) -> {
                                    if (failure == null) {
                                        log.succeeded("PING");
                                    } else if (RedisFailure.of(failure) == RedisFailure.PERMISSION) {
                                        // a server that denies it responds
                                        log.failed("PING", failure);
                                    } else {
                                        end();
                                    }
                                },
                                executor);
            }
        }

        /** Closes the connection; its channels are assigned again after the next refresh. */
        CompletableFuture<Void> end() {
            if (!shards.remove(address, this)) {
                return CompletableFuture.completedFuture(null);
            }
            Set.copyOf(assigned.keySet()).forEach(channel -> unassign(channel, this));
            return connection.thenCompose(StatefulRedisPubSubConnection::closeAsync);
        }

        @Override
        public void sunsubscribed(String channel, long count) {
            executor.execute(() -> unassign(channel, this));
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
            executor.execute(this::end);
        }
    }
}
