// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MembershipEvent;
import io.tacho.process.ChildProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests restarted nodes, duplicate names and paused nodes, with real processes. */
class IdentityIT {

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration LONG_TTL = Duration.ofSeconds(20);
    private static final Duration SHORT_TTL = Duration.ofSeconds(3);

    private EmbeddedRedis redis;
    private TestAggregator aggregator;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start();
        aggregator = TestAggregator.start(redis.uri());
    }

    @AfterEach
    void stop() {
        aggregator.close();
        redis.close();
    }

    private ChildProcess agent(String name, Duration ttl) throws Exception {
        return Programs.agent(redis.uri(), name, BEAT, ttl);
    }

    private void awaitNodes(int count) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(aggregator.names()).hasSize(count));
    }

    @Test
    void restartedNode_replacesItsPredecessorBeforeTheTtlExpires() throws Exception {
        try (ChildProcess first = agent("chat", LONG_TTL)) {
            awaitNodes(1);
            String predecessor = aggregator.stats().at("/nodes/0/uid").asText();
            first.kill();
            try (ChildProcess second = agent("chat", LONG_TTL)) {
                await().atMost(LONG_TTL.minusSeconds(2))
                        .pollInterval(Duration.ofMillis(20))
                        .untilAsserted(() -> assertThat(aggregator.stats().findValuesAsText("uid"))
                                .hasSize(1)
                                .doesNotContain(predecessor));
                assertThat(aggregator.metrics().eventTotal(MembershipEvent.RESTARTED))
                        .isEqualTo(1);
                assertThat(aggregator.metrics().eventTotal(MembershipEvent.LOST))
                        .isZero();
                assertThat(second.isAlive()).isTrue();
            }
        }
    }

    @Test
    void duplicateName_bothNodesStay_andAreReported() throws Exception {
        try (ChildProcess first = agent("chat", LONG_TTL);
                ChildProcess second = agent("chat", LONG_TTL)) {
            awaitNodes(2);

            await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(8)).untilAsserted(() -> {
                assertThat(aggregator.names()).containsExactly("chat", "chat");
                assertThat(aggregator.cluster().at("/warnings/0/code").asText()).isEqualTo("duplicate_name");
            });
            assertThat(first.isAlive() && second.isAlive()).isTrue();
        }
    }

    @Test
    void pausedNode_isLostAfterItsTtl_andReturns() throws Exception {
        try (ChildProcess paused = agent("sleeper", SHORT_TTL)) {
            awaitNodes(1);
            String uid = aggregator.stats().at("/nodes/0/uid").asText();

            paused.signal("STOP");
            awaitNodes(0);
            assertThat(aggregator.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);

            paused.signal("CONT");
            awaitNodes(1);
            assertThat(aggregator.stats().at("/nodes/0/uid").asText()).isEqualTo(uid);
        }
    }
}
