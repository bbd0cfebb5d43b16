// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Plain pub/sub over one connection, which the link establishes again whenever it is lost or a channel is rejected. The source is
 * subscribed, for all partitions at once, when all channels are confirmed. A connection is replaced if its server does not respond or is no longer a master.
 *
 * <p>Thread safety: safe.
 */
final class ChannelSubscription implements Subscription {

    private final Supplier<CompletionStage<StatefulRedisPubSubConnection<String, byte[]>>> connector;
    private final RedisLink<StatefulRedisPubSubConnection<String, byte[]>> link;
    private final List<String> channels;
    private final EnvelopeReader reader;
    private final ScheduledExecutorService timer;
    private final Duration pingInterval;

    private volatile @Nullable Future<?> pings;

    ChannelSubscription(
            Supplier<CompletionStage<StatefulRedisPubSubConnection<String, byte[]>>> connector,
            String address,
            RedisFailureLog log,
            ClientResources resources,
            List<String> channels,
            EnvelopeReader reader,
            Duration pingInterval) {
        this.connector = connector;
        this.channels = channels;
        this.reader = reader;
        timer = resources.eventExecutorGroup();
        this.pingInterval = pingInterval;
        link = new RedisLink<>(this::subscribe, operation(channels), address, log, resources, Duration.ZERO);
    }

    @Override
    public void start() {
        link.start();
        pings = timer.scheduleWithFixedDelay(
                this::ping, pingInterval.toMillis(), pingInterval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The link replaces a connection on which this fails. */
    private void ping() {
        link.use("ping", ServerRole::check);
    }

    /** Connected means subscribed: a connection that may not subscribe is closed, and the link tries again. */
    private CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> subscribe(Runnable whenLost) {
        return connector.get().thenCompose(connection -> {
            ChannelListener listener = new ChannelListener(whenLost);
            connection.addListener((RedisPubSubListener<String, byte[]>) listener);
            connection.addListener((RedisConnectionStateListener) listener);
            return connection
                    .async()
                    .subscribe(channels.toArray(new String[0]))
                    .<StatefulRedisPubSubConnection<String, byte[]>>thenApply(subscribed -> connection)
                    .exceptionallyCompose(failure -> {
                        connection.closeAsync();
                        return CompletableFuture.failedFuture(failure);
                    });
        });
    }

    private IntStream partitions() {
        return IntStream.range(0, channels.size());
    }

    private static String operation(List<String> channels) {
        return "SUBSCRIBE " + channels.get(0) + (channels.size() == 1 ? "" : " and " + (channels.size() - 1) + " more");
    }

    @Override
    public void close() {
        Future<?> running = pings;
        if (running != null) {
            running.cancel(false);
        }
        link.close();
    }

    /** The listener of one connection; confined to its event loop. */
    private final class ChannelListener extends RedisPubSubAdapter<String, byte[]>
            implements RedisConnectionStateListener {

        private final Set<String> confirmed = new HashSet<>();
        private final Runnable whenLost;

        ChannelListener(Runnable whenLost) {
            this.whenLost = whenLost;
        }

        @Override
        public void subscribed(String channel, long count) {
            if (confirmed.add(channel) && confirmed.size() == channels.size()) {
                partitions().forEach(reader.listener()::onSubscribed);
            }
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            if (confirmed.size() == channels.size()) {
                partitions().forEach(reader.listener()::onDisconnected);
            }
            confirmed.clear();
            whenLost.run();
        }
    }
}
