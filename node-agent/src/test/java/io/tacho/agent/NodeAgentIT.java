// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.WindowDetail;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeAgentIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisSettings settings = REDIS.settings();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(settings);

    @Test
    void agent_isVisibleInNamespaceOfBuilder() throws Exception {
        try (NodeAgent agent = NodeAgent.builder()
                .redis(settings.uri())
                .namespace(settings.namespace())
                .version("1.2.3")
                .labels(Map.of("zone", "a"))
                .address("https://chat-1.example:8443/metrics")
                .start()) {
            await().atMost(Duration.ofSeconds(3)).until(() -> !follower.nodes().isEmpty());

            NodeStatus status = follower.entries().get(0).status();
            assertThat(status.version()).isEqualTo("1.2.3");
            assertThat(status.labels()).containsExactly(Map.entry("zone", "a"));
            assertThat(status.address()).isEqualTo("https://chat-1.example:8443/metrics");
            assertThat(agent.uid()).isNotEmpty();
        }
    }

    @Test
    void agent_isVisibleAfterStart_withHostGauges_removedAfterClose() throws Exception {
        NodeAgent agent = NodeAgent.builder()
                .redis(settings)
                .name("chat_8000")
                .numClients(() -> 7)
                .numUniqueClients(() -> 5)
                .numChannels(() -> 3)
                .start();

        await().atMost(Duration.ofSeconds(3)).until(() -> !follower.nodes().isEmpty());
        assertThat(follower.nodes()).singleElement().satisfies(node -> {
            assertThat(node.uid()).isEqualTo(agent.uid());
            assertThat(node.name()).isEqualTo("chat_8000");
            assertThat(node.number(Field.NUM_CLIENTS)).isEqualTo(7);
            assertThat(node.number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(5);
            assertThat(node.number(Field.NUM_CHANNELS)).isEqualTo(3);
        });

        agent.close();
        assertThat(follower.nodes()).isEmpty();
        await().atMost(Duration.ofSeconds(10)).until(follower::left);
        agent.close();
    }

    @Test
    void recordedUsers_arePublishedAsSketches() throws Exception {
        Set<String> channels = ConcurrentHashMap.newKeySet();
        channels.addAll(List.of("news", "chat", "sports"));
        try (NodeAgent agent = NodeAgent.builder()
                .redis(settings)
                .metricsInterval(Duration.ofSeconds(1))
                .channels(() -> channels)
                .start()) {
            agent.recorder().userConnected("anna");
            agent.recorder().userConnected("anna");
            agent.recorder().userConnected("bert");
            agent.recorder().clientRequest(2_000_000);

            await().untilAsserted(() -> assertThat(follower.beats()).last().satisfies(beat -> {
                NodeSnapshot info = beat.snapshot();
                assertThat(new long[] {
                            info.number(Field.NUM_CLIENTS),
                            info.number(Field.NUM_UNIQUE_CLIENTS),
                            info.number(Field.NUM_CHANNELS)
                        })
                        .containsExactly(3, 2, 3);
                assertThat(beat.totals().numClientRequests()).isEqualTo(1);
                assertThat(beat.totals().timeClientSum()).isEqualTo(2_000_000);
            }));
            await().untilAsserted(() -> assertThat(follower.beats()).anySatisfy(beat -> {
                WindowDetail detail = beat.detail();
                assertThat(detail.timeClient()).isNotNull();
                assertThat(detail.timeClient().decode().max()).isEqualTo(2_000_000);
                assertThat(detail.users())
                        .isEqualTo(HyperLogLog.of(List.of("anna", "bert")).encoded());
                assertThat(detail.channels()).isEqualTo(HyperLogLog.of(channels).encoded());
            }));
        }
    }

    @Test
    void agentWithoutDetail_publishesNoHistogramsOrSketches() throws Exception {
        try (NodeAgent agent = NodeAgent.builder()
                .redis(settings)
                .metricsInterval(Duration.ofSeconds(1))
                .windowDetail(false)
                .start()) {
            agent.recorder().userConnected("anna");
            agent.recorder().clientRequest(2_000_000);

            await().untilAsserted(() -> assertThat(follower.beats()).anySatisfy(beat -> {
                assertThat(beat.snapshot().number(Field.TIME_CLIENT_MAX)).isEqualTo(2_000_000);
                assertThat(beat.snapshot().number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(1);
            }));
            assertThat(follower.beats())
                    .allSatisfy(beat -> assertThat(beat.detail()).isEqualTo(WindowDetail.NONE));
        }
    }

    @Test
    void drain_isPublishedImmediately() {
        try (NodeAgent agent = NodeAgent.builder().redis(settings).start()) {
            await().until(() -> !follower.envelopes().isEmpty());
            assertThat(follower.draining()).isFalse();

            agent.drain();

            await().atMost(Duration.ofSeconds(4)).until(follower::draining);
        }
    }

    @Test
    void invalidSetting_isRejected() {
        assertThatThrownBy(() -> NodeAgent.builder().ttl(Duration.ofSeconds(1)).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ttl: 1s (expected: at least two publish intervals, 10s");
    }

    @Test
    void redisDown_hostIsNotBlocked_nodeIsVisibleAfterReconnect() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            redis.stopServer();
            long start = System.nanoTime();
            try (NodeAgent agent = NodeAgent.builder()
                    .redis(redis.uri())
                    .metricsInterval(Duration.ofSeconds(1))
                    .publishInterval(Duration.ofMillis(200))
                    .start()) {
                for (int i = 0; i < 100_000; i++) {
                    agent.recorder().messagePublished();
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));

                redis.startServer();

                RedisTransport own = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotSource reader = own.source();
                await().atMost(Duration.ofSeconds(10))
                        .ignoreExceptions()
                        .until(() -> reader.loadAll().toCompletableFuture().get(1, TimeUnit.SECONDS).stream()
                                .anyMatch(stored -> stored.envelope().uid().equals(agent.uid())));
                reader.close();
                own.close();
            }
        }
    }

    @Test
    void close_whileRedisIsDown_returnsPromptly() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            NodeAgent agent = NodeAgent.builder().redis(redis.uri()).start();
            redis.stopServer();

            await().atMost(Duration.ofSeconds(8)).until(() -> {
                agent.close();
                return true;
            });
        }
    }
}
