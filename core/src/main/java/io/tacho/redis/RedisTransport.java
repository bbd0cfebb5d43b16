// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.tacho.codec.SnapshotCodec;
import io.tacho.transport.SnapshotPublisher;
import io.tacho.transport.SnapshotSource;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport over Redis: makes publishers and sources that share its threads. Close them first, then this.
 *
 * <p>Thread safety: safe.
 */
public final class RedisTransport implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(RedisTransport.class);

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    // full jitter: after a fail-over a thousand nodes must not come back in step
    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS);

    private final RedisSettings settings;
    private final RedisURI uri;
    private final SnapshotCodec codec;
    private final RedisKeyspace keyspace;
    private final ClientResources resources;
    private final RedisClient client;

    /** Does not connect: publishers and sources do when they are used. */
    public RedisTransport(RedisSettings settings, SnapshotCodec codec) {
        this.settings = settings;
        this.codec = codec;
        keyspace = new RedisKeyspace(settings.namespace(), settings.partitions());
        uri = settings.redisUri();
        uri.setTimeout(settings.commandTimeout());
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(RECONNECT_DELAY)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                // a beat is complete in itself: what did not get through is not repeated later, the next one is due
                // soon
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.commandTimeout())
                        .keepAlive(true)
                        .build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build());
    }

    /** A publisher with a connection of its own. */
    public SnapshotPublisher publisher() {
        return new RedisSnapshotPublisher(link(this::connect), keyspace, codec);
    }

    /** A source with two connections of its own, one that listens and one that asks. */
    public SnapshotSource source() {
        return new RedisSnapshotSource(this, keyspace, codec);
    }

    CompletionStage<StatefulRedisConnection<String, byte[]>> connect() {
        return client.connectAsync(CODEC, uri);
    }

    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub() {
        return client.connectPubSubAsync(CODEC, uri);
    }

    <C extends StatefulConnection<String, byte[]>> RedisLink<C> link(Supplier<CompletionStage<C>> connector) {
        return new RedisLink<>(connector, settings.address(), RECONNECT_DELAY, resources.eventExecutorGroup());
    }

    @Override
    public void close() {
        try {
            client.shutdownAsync(0, 1, TimeUnit.SECONDS).get(2, TimeUnit.SECONDS);
            resources.shutdown(0, 1, TimeUnit.SECONDS).get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.debug("{}: not closed in order", settings, e);
        }
    }
}
