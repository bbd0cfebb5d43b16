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
 * Sharded pub/sub: each channel is heard on a connection to the master of its slot. Whatever ends that — the connection,
 * a fail-over, a slot that moves, a server that does not reply to PING — the slot map is refreshed and the channel
 * subscribed where it is now. The source is subscribed while all channels are heard, and disconnected when one is not.
 *
 * <p>Thread safety: everything but the reading of messages happens on one executor.
 */
final class ShardSubscription implements Subscription {

    private static final Logger logger = LoggerFactory.getLogger(ShardSubscription.class);

    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;

    private final ClusterConnector connector;
    private final List<String> channels;
    private final EnvelopeReader reader;
    private final RedisFailureLog log;
    private final ClientResources resources;
    private final Duration pingInterval;
    private final EventExecutor executor;

    /** By host and port: one connection to each master that has a channel of ours. */
    private final Map<String, Shard> shards = new HashMap<>();
    /** The shards at which the channels are subscribed, or about to be. */
    private final Map<String, Shard> asked = new HashMap<>();

    private final Set<String> heard = new HashSet<>();

    private boolean whole;
    private boolean refreshDue;
    private long failures;
    private boolean closed;

    private volatile @Nullable Future<?> watch;

    ShardSubscription(
            ClusterConnector connector,
            List<String> channels,
            EnvelopeReader reader,
            RedisFailureLog log,
            ClientResources resources,
            Duration pingInterval) {
        this.connector = connector;
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
        watch = executor.scheduleWithFixedDelay(
                this::watch, pingInterval.toMillis(), pingInterval.toMillis(), TimeUnit.MILLISECONDS);
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
        boolean lacking = false;
        for (String channel : channels) {
            RedisURI master = connector.masterOf(SlotHash.getSlot(channel));
            if (master == null) {
                lacking = true;
                continue;
            }
            Shard shard =
                    shards.computeIfAbsent(master.getHost() + ":" + master.getPort(), at -> new Shard(at, master));
            if (asked.get(channel) != shard) {
                heard.remove(channel);
                asked.put(channel, shard);
                shard.subscribe(channel);
            }
        }
        shards.values().stream()
                .filter(shard -> !asked.containsValue(shard))
                .toList()
                .forEach(Shard::end);
        notifyListener();
        if (lacking) {
            refreshLater();
        }
    }

    private void heard(String channel, Shard shard) {
        if (asked.get(channel) == shard) {
            heard.add(channel);
            if (heard.size() == channels.size()) {
                failures = 0;
            }
            notifyListener();
        }
    }

    private void lost(String channel, Shard shard) {
        if (asked.remove(channel, shard)) {
            heard.remove(channel);
            notifyListener();
            refreshLater();
        }
    }

    private void notifyListener() {
        if (closed) {
            return;
        }
        boolean all = heard.size() == channels.size();
        if (all && !whole) {
            whole = true;
            reader.listener().onSubscribed();
        } else if (!all && whole) {
            whole = false;
            reader.listener().onDisconnected();
        }
    }

    /** Detects changes without a notification: a server that does not reply any more, and a slot that was moved. */
    private void watch() {
        List.copyOf(shards.values()).forEach(Shard::ping);
        if (heard.size() == channels.size()) {
            subscribeAll();
        }
    }

    @Override
    public void close() {
        Future<?> watching = watch;
        if (watching == null || watching.isCancelled()) {
            return;
        }
        watching.cancel(false);
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

    /** One connection to one master; when it is gone another is made, there or elsewhere. */
    private final class Shard extends RedisPubSubAdapter<String, byte[]> implements RedisConnectionStateListener {

        private final String address;
        private final CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> connection;

        Shard(String address, RedisURI uri) {
            this.address = address;
            connection = RedisLink.begun(() -> connector.connectPubSub(uri))
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
                                    heard(channel, this);
                                    return;
                                }
                                boolean rejected = Failures.unwrap(failure) instanceof RedisCommandExecutionException;
                                if (rejected || RedisFailure.of(failure) != RedisFailure.OTHER) {
                                    log.failed("SSUBSCRIBE " + channel, failure);
                                }
                                lost(channel, this);
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
                                    if (failure != null) {
                                        end();
                                    }
                                },
                                executor);
            }
        }

        /** Gives the connection up; its channels are looked for again. */
        CompletableFuture<Void> end() {
            if (!shards.remove(address, this)) {
                return CompletableFuture.completedFuture(null);
            }
            Set.copyOf(asked.keySet()).forEach(channel -> lost(channel, this));
            return connection.thenCompose(StatefulRedisPubSubConnection::closeAsync);
        }

        @Override
        public void sunsubscribed(String channel, long count) {
            executor.execute(() -> lost(channel, this));
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
            executor.execute(this::end);
        }

        @Override
        public void smessage(String channel, byte[] message) {
            reader.read(message);
        }
    }
}
