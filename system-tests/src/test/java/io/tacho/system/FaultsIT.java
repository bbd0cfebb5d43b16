// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.NodeAgent;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.testing.Resources;
import io.tacho.testing.TcpProxy;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests network faults between the programs and Redis. After each fault the earlier state is restored. */
class FaultsIT {

    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @AutoClose
    private final Resources resources = new Resources();

    private EmbeddedRedis redis;
    private TcpProxy wire;
    private TestAggregator aggregator;

    @BeforeEach
    void start() throws Exception {
        redis = resources.closeLater(EmbeddedRedis.start());
        wire = resources.closeLater(TcpProxy.to(redis.port()));
        aggregator = resources.closeLater(TestAggregator.start(wire.redisUri()));
    }

    private NodeAgent agent(String redisUri, String name) {
        return resources.closeLater(NodeAgent.builder()
                .redis(redisUri)
                .name(name)
                .publishInterval(BEAT)
                .ttl(TTL)
                .start());
    }

    private void awaitReady(boolean ready) {
        await().atMost(TIMEOUT).until(() -> aggregator.isReady() == ready);
    }

    @Test
    void halfOpenConnection_isReported_noNodeIsLostUntilItEnds() throws Exception {
        agent(redis.uri(), "node-a");
        ChildProcess dying = resources.closeLater(Programs.agent(redis.uri(), "node-b", BEAT, TTL));
        aggregator.awaitNodes("node-a", "node-b");

        wire.hold();
        // three beats of the default five seconds
        await().atMost(Duration.ofSeconds(15)).until(() -> !aggregator.isReady());
        dying.kill();
        await().during(TTL.plusSeconds(1))
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("node-a", "node-b"));
        assertThat(aggregator.cluster().at("/view/stale_ms").asLong()).isPositive();

        wire.letThrough();
        awaitReady(true);
        aggregator.awaitNodes("node-a");
        assertThat(aggregator.cluster().at("/nodes/stale").asLong()).isZero();
    }

    @Test
    void halfOpenConnectionOfANode_isLostAndReturns() throws Exception {
        TcpProxy nodesWire = resources.closeLater(TcpProxy.to(redis.port()));
        agent(nodesWire.redisUri(), "node-a");
        agent(redis.uri(), "node-b");
        aggregator.awaitNodes("node-a", "node-b");

        nodesWire.hold();
        aggregator.awaitNodes("node-b");

        nodesWire.letThrough();
        aggregator.awaitNodes("node-a", "node-b");
    }

    @Test
    void delayOfFiveSeconds_viewIsRetained() throws Exception {
        agent(redis.uri(), "node-a");
        aggregator.awaitNodes("node-a");

        wire.delay(Duration.ofSeconds(5));
        awaitReady(false);
        await().during(TTL.plusSeconds(1))
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly("node-a"));

        wire.delay(Duration.ZERO);
        awaitReady(true);
        assertThat(aggregator.names()).containsExactly("node-a");
    }

    @Test
    void connectionsCutAtRandom_allNodesReturn() throws Exception {
        for (int i = 0; i < 5; i++) {
            agent(wire.redisUri(), "node-" + i);
        }
        aggregator.awaitNodes("node-0", "node-1", "node-2", "node-3", "node-4");

        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            wire.cutAfter(random.nextInt(3_000));
            int pause = 50 + random.nextInt(300);
            await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
        }
        wire.cutAfter(Long.MAX_VALUE);

        awaitReady(true);
        aggregator.awaitNodes("node-0", "node-1", "node-2", "node-3", "node-4");
        await().during(TTL.plusSeconds(1))
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(aggregator.names()).hasSize(5));
    }
}
