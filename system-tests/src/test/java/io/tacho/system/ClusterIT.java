// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.tacho.agent.NodeAgent;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MembershipEvent;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.Resources;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests agents and aggregators as processes with a real Redis, in real time. */
class ClusterIT {

    private static final String REGISTRY = "{" + RedisSettings.DEFAULT_NAMESPACE + ":0}:nodes";
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofSeconds(3);
    /** Shorter than the rest of the TTL after a beat: only a leave message removes a node as soon. */
    private static final Duration LEAVE = Duration.ofMillis(1_500);

    @AutoClose
    private final Resources resources = new Resources();

    private EmbeddedRedis redis;

    @BeforeEach
    void start() throws Exception {
        redis = resources.closeLater(EmbeddedRedis.start());
    }

    private TestAggregator aggregator() throws Exception {
        return resources.closeLater(TestAggregator.start(redis.uri()));
    }

    private ChildProcess process(String name) throws Exception {
        return resources.closeLater(Programs.agent(redis.uri(), name, BEAT, TTL));
    }

    private NodeAgent agent(String name) {
        return resources.closeLater(NodeAgent.builder()
                .redis(redis.uri())
                .name(name)
                .metricsInterval(Duration.ofSeconds(1))
                .publishInterval(BEAT)
                .ttl(TTL)
                .start());
    }

    private static Duration timeUntilGone(TestAggregator aggregator, String name) {
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !aggregator.names().contains(name));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void threeAgents_areListedInOrder_killedIsLost_terminatedLeaves() throws Exception {
        TestAggregator aggregator = aggregator();
        ChildProcess killed = process("node-c");
        ChildProcess terminated = process("node-a");
        process("node-b");
        aggregator.awaitNodes("node-a", "node-b", "node-c");

        killed.kill();
        Duration lostAfter = timeUntilGone(aggregator, "node-c");
        assertThat(lostAfter).isBetween(TTL.minus(BEAT).minusMillis(500), TTL.plusSeconds(5));
        assertThat(aggregator.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);

        terminated.terminate();
        await().until(() -> !terminated.isAlive());
        Duration goneAfter = timeUntilGone(aggregator, "node-a");
        assertThat(goneAfter).isLessThan(LEAVE);
        assertThat(aggregator.metrics().eventTotal(MembershipEvent.LEFT)).isEqualTo(1);
        assertThat(aggregator.names()).containsExactly("node-b");
    }

    @Test
    void closedAgent_isRemovedBeforeItsTtl() throws Exception {
        TestAggregator aggregator = aggregator();
        NodeAgent agent = agent("node-a");
        agent("node-b");
        aggregator.awaitNodes("node-a", "node-b");

        agent.close();

        assertThat(timeUntilGone(aggregator, "node-a")).isLessThan(LEAVE);
        assertThat(aggregator.names()).containsExactly("node-b");
    }

    @Test
    void lateAggregator_isCompleteOnItsFirstReadyResponse() throws Exception {
        agent("node-a");
        agent("node-b");
        agent("node-c");
        aggregator().awaitNodes("node-a", "node-b", "node-c");

        for (int i = 0; i < 5; i++) {
            TestAggregator late = aggregator();
            await().pollInterval(Duration.ofMillis(1)).until(late::isReady);
            assertThat(late.names()).containsExactly("node-a", "node-b", "node-c");
        }
    }

    @Test
    void flushAll_noNodeIsMissing_andRedisIsRefilledWithinOneBeat() throws Exception {
        TestAggregator aggregator = aggregator();
        agent("node-a");
        agent("node-b");
        aggregator.awaitNodes("node-a", "node-b");

        RedisClient client = RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().flushall();
            await().atMost(BEAT.plusSeconds(5))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> connection.sync().zcard(REGISTRY) == 2);
        } finally {
            client.shutdown();
        }
        hasStoredNames(aggregator, TTL.plusSeconds(1), "node-a", "node-b");

        TestAggregator fresh = aggregator();
        await().until(fresh::isReady);
        assertThat(fresh.names()).containsExactly("node-a", "node-b");
    }

    @Test
    void redisRestartsEmpty_viewIsRetained_andRedisIsRefilledWithinOneBeat() throws Exception {
        TestAggregator aggregator = aggregator();
        agent("node-a");
        NodeAgent dying = agent("node-b");
        aggregator.awaitNodes("node-a", "node-b");

        redis.stopServer();
        await().until(() -> !aggregator.isReady());
        // sends no leave message: equivalent to a kill for the view
        dying.close();
        hasStoredNames(aggregator, TTL.plusSeconds(1), "node-a", "node-b");

        redis.startServer();
        await().until(aggregator::isReady);
        long ready = System.nanoTime();
        awaitBeatAfterReconnect();
        assertThat(Duration.ofNanos(System.nanoTime() - ready)).isLessThan(BEAT.plusSeconds(5));
        TestAggregator fresh = aggregator();
        await().until(fresh::isReady);
        assertThat(fresh.names()).containsExactly("node-a");

        await().atMost(TTL.plusSeconds(1))
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("node-a"));
    }

    private void awaitBeatAfterReconnect() {
        RedisClient client = RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> connection.sync().zcard(REGISTRY) == 1);
        } finally {
            client.shutdown();
        }
    }

    /** The response does not change during the test. */
    private static void hasStoredNames(TestAggregator aggregator, Duration time, String... names) {
        await().during(time)
                .atMost(time.plusSeconds(5))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly(names));
    }
}
