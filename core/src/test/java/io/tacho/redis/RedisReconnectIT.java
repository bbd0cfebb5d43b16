// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportException;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisReconnectIT {

    private EmbeddedRedis redis;
    private RedisTransport transport;
    private SnapshotPublisher publisher;
    private SnapshotSource source;
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start();
        transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
        publisher = transport.publisher();
        source = transport.source();
    }

    @AfterEach
    void stop() {
        publisher.close();
        source.close();
        transport.close();
        redis.close();
    }

    @Test
    void redisUnreachableAtStart_connectsLater() throws Exception {
        redis.stopServer();
        source.start(listener);
        assertThatThrownBy(() -> get(publisher.publish(Snapshots.beat("u1", 1))))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("Redis at 127.0.0.1:" + redis.port());
        assertThat(listener.subscribed).hasValue(0);

        redis.startServer();

        await().until(() -> listener.subscribed.get() == 1);
        awaitPublished(2);
        await().untilAsserted(() -> assertThat(listener.envelopes).isNotEmpty());
    }

    @Test
    void redisRestartedEmpty_reconnects_lostBeatsAreNotRepeated() throws Exception {
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
        get(publisher.publish(Snapshots.beat("u1", 1)));

        redis.stopServer();
        await().until(() -> listener.disconnected.get() == 1);
        assertThatThrownBy(() -> get(publisher.publish(Snapshots.beat("u1", 2))))
                .hasCauseInstanceOf(TransportException.class);
        assertThatThrownBy(() -> get(source.loadAll())).hasCauseInstanceOf(TransportException.class);
        redis.startServer();

        await().until(() -> listener.subscribed.get() == 2);
        await().untilAsserted(() -> assertThat(get(source.loadAll()))
                .as("beats that failed while Redis was down are not repeated")
                .isEmpty());
        awaitPublished(3);
        await().untilAsserted(() -> assertThat(listener.envelopes).contains(Snapshots.beat("u1", 3)));
    }

    @Test
    void masterBecomesReplica_connectionIsClosed() throws Exception {
        get(publisher.publish(Snapshots.beat("u1", 1)));
        RedisClient client = RedisClient.create(redis.uri());
        try {
            RedisCommands<String, String> commands = client.connect().sync();
            commands.clientSetname("test");
            String before = publishersConnection(commands);

            commands.replicaof("127.0.0.1", 1);
            assertThatThrownBy(() -> get(publisher.publish(Snapshots.beat("u1", 2))))
                    .hasMessageContaining("READONLY");

            await().until(() -> !commands.clientList().contains(before));
            commands.replicaofNoOne();
            awaitPublished(3);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static String publishersConnection(RedisCommands<String, String> commands) {
        return commands.clientList()
                .lines()
                .filter(line -> !line.contains("name=test"))
                .map(line -> line.substring(0, line.indexOf(" addr")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void close_whileRedisIsDown_returnsPromptly() {
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
        redis.stopServer();

        await().atMost(Duration.ofSeconds(8)).until(() -> {
            source.close();
            publisher.close();
            transport.close();
            return true;
        });
    }

    private void awaitPublished(long seq) {
        await().ignoreExceptions().until(() -> {
            get(publisher.publish(Snapshots.beat("u1", seq)));
            return true;
        });
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
