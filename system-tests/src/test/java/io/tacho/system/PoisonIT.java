// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.tacho.agent.NodeAgent;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests malicious and malformed writes to Redis, which must not change the responses about healthy nodes. */
class PoisonIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final SnapshotCodec codec = new SnapshotCodec();
    private RedisSettings settings;
    private TestAggregator aggregator;
    private NodeAgent healthy;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedisAsyncCommands<String, String> commands;
    private String tag;

    @BeforeEach
    void start() throws Exception {
        settings = redis.settings();
        tag = "{" + settings.namespace() + ":0}";
        aggregator = TestAggregator.start(settings);
        healthy = NodeAgent.builder()
                .redis(settings)
                .name("healthy")
                .publishInterval(Duration.ofSeconds(1))
                .start();
        client = RedisClient.create(redis.uri());
        connection = client.connect();
        commands = connection.async();
        awaitOnlyHealthy();
    }

    @AfterEach
    void stop() {
        healthy.close();
        aggregator.close();
        connection.close();
        client.shutdown();
    }

    private void awaitOnlyHealthy() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("healthy"));
    }

    private void publish(String message) throws Exception {
        commands.publish(tag + ":snapshots", message).get(10, TimeUnit.SECONDS);
    }

    @Test
    void forgedBeatsOf100000UnknownNodes_areIgnored() throws Exception {
        List<RedisFuture<Long>> sent = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            String message = new String(codec.encode(Snapshots.beat("made-up-" + i, 1)), UTF_8);
            sent.add(commands.publish(tag + ":snapshots", message));
            if (sent.size() == 5_000) {
                for (RedisFuture<Long> each : sent) {
                    each.get(30, TimeUnit.SECONDS);
                }
                sent.clear();
                assertThat(aggregator.names()).containsExactly("healthy");
            }
        }

        // Redis may have disconnected a slow subscriber, which then reconnects and loads
        await().atMost(Duration.ofSeconds(30)).until(aggregator::isReady);
        assertThat(aggregator.metrics().received()).isPositive();
        assertThat(aggregator.names()).containsExactly("healthy");
        try (NodeAgent late = NodeAgent.builder().redis(settings).name("late").start()) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("healthy", "late"));
        }
    }

    @Test
    void malformedMessages_areCountedByReason() throws Exception {
        Random random = new Random(3);
        String valid = new String(codec.encode(Snapshots.beat("poison", 1)), UTF_8);
        publish(valid.replace("\"v\":1", "\"v\":9"));
        publish("{\"UID\":\"x\",\"Method\":\"ping\"}");
        publish(valid.replace("snapshot", "ping"));
        publish(valid.replace("\"num_clients\":4", "\"num_clients\":-4"));
        publish("x".repeat(10_000_000));
        for (int i = 0; i < 2_000; i++) {
            StringBuilder garbled = new StringBuilder(valid);
            garbled.setCharAt(random.nextInt(garbled.length()), (char) random.nextInt(128));
            publish(garbled.toString());
        }

        await().untilAsserted(() -> {
            JsonNode counts = aggregator.cluster().at("/messages/malformed");
            assertThat(counts.path("unsupported_version").asLong()).isPositive();
            assertThat(counts.path("unknown_type").asLong()).isPositive();
            assertThat(counts.path("bad_field").asLong()).isGreaterThan(100);
            assertThat(counts.path("not_json").asLong()).isGreaterThan(100);
            assertThat(counts.path("too_large").asLong()).isEqualTo(1);
        });
        awaitOnlyHealthy();
    }

    /** A forged message of a healthy node with a very large seq; the node's entry in Redis is authoritative. */
    @Test
    void forgedMessage_isCorrectedByTheStore() throws Exception {
        String forged = new String(
                codec.encode(Snapshots.beat(healthy.uid(), "forged", 9_000_000_000_000_000L, 86_400_000)), UTF_8);
        publish(forged);
        await().untilAsserted(() -> assertThat(aggregator.names()).containsExactly("forged"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("healthy"));
    }

    @Test
    void malformedStoreEntries_areIgnored() throws Exception {
        for (String uid : List.of("string", "empty", "partial", "immortal")) {
            commands.zadd(tag + ":nodes", 9_999_999_999_999.0, uid).get(10, TimeUnit.SECONDS);
        }
        commands.set(tag + ":node:string", "x").get(10, TimeUnit.SECONDS);
        commands.hset(tag + ":node:partial", "uid", "partial").get(10, TimeUnit.SECONDS);
        commands.hset(tag + ":node:immortal", codec.toHash(Snapshots.beat("immortal", 1)))
                .get(10, TimeUnit.SECONDS);
        commands.scriptFlush().get(10, TimeUnit.SECONDS);

        try (TestAggregator late = TestAggregator.start(settings)) {
            await().until(late::isReady);
            assertThat(late.names()).containsExactly("healthy");
            assertThat(late.metrics().malformed())
                    .containsEntry("bad_field", 1L)
                    .containsEntry("no_ttl", 2L);
        }
        commands.del(tag + ":node:string", tag + ":node:partial", tag + ":node:immortal")
                .get(10, TimeUnit.SECONDS);
    }
}
