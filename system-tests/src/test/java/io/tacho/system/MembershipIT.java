// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lettuce.core.RedisClient;
import io.tacho.agent.NodeAgent;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recent membership changes: each once, the same at every aggregator. */
class MembershipIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<TestAggregator> aggregators = new ArrayList<>();
    private EmbeddedRedis redis;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start();
    }

    @AfterEach
    void stop() throws Exception {
        aggregators.forEach(TestAggregator::close);
        redis.close();
    }

    private TestAggregator aggregator() throws Exception {
        TestAggregator aggregator = TestAggregator.start(redis.uri());
        aggregators.add(aggregator);
        await().atMost(TIMEOUT).until(aggregator::isReady);
        return aggregator;
    }

    private NodeAgent agent(String name) {
        return NodeAgent.builder()
                .redis(redis.uri())
                .name(name)
                .publishInterval(Duration.ofMillis(200))
                .ttl(Duration.ofSeconds(2))
                .start();
    }

    private static List<String> changes(TestAggregator aggregator) throws Exception {
        List<String> changes = new ArrayList<>();
        for (JsonNode change : aggregator.get("/membership").path("changes")) {
            changes.add(
                    change.path("change").asText() + " " + change.path("name").asText());
        }
        return changes;
    }

    private void awaitChanges(String... expected) {
        for (TestAggregator aggregator : aggregators) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(changes(aggregator)).containsExactly(expected));
        }
    }

    @Test
    void changes_areListedOnce_byThreeAggregators_evenAfterARestart() throws Exception {
        TestAggregator first = aggregator();
        aggregator();
        aggregator();
        try (NodeAgent agent = agent("a")) {
            awaitChanges("joined a");
            try (ChildProcess killed =
                    Programs.agent(redis.uri(), "b", Duration.ofMillis(200), Duration.ofSeconds(2))) {
                awaitChanges("joined b", "joined a");
                killed.kill();
                awaitChanges("lost b", "joined b", "joined a");
            }
            first.close();
            aggregators.remove(first);
            TestAggregator restarted = aggregator();
            awaitChanges("lost b", "joined b", "joined a");
            assertThatLostNodeIsDescribed(restarted);
        }
        awaitChanges("left a", "lost b", "joined b", "joined a");
        assertThat(aggregators.get(0).get("/membership"))
                .isEqualTo(aggregators.get(2).get("/membership"));
    }

    private static void assertThatLostNodeIsDescribed(TestAggregator aggregator) throws Exception {
        JsonNode listed = aggregator.get("/nodes?state=lost");
        assertThat(listed.at("/nodes").findValuesAsText("name")).containsExactly("b");
        String uid = listed.at("/nodes/0/uid").asText();
        JsonNode lost = aggregator.get("/nodes/" + uid);
        assertThat(lost.path("state").asText()).isEqualTo("lost");
        assertThat(lost.path("departed_ms").asLong())
                .isEqualTo(listed.at("/nodes/0/departed_ms").asLong());
        assertThat(lost.at("/stats/name").asText()).isEqualTo("b");
        assertThat(aggregator.get("/nodes/" + uid + "/series").path("end_ms")).hasSize(1);
    }

    @Test
    void flushAll_listStartsEmpty() throws Exception {
        aggregator();
        aggregator();
        try (NodeAgent a = agent("a")) {
            awaitChanges("joined a");
            RedisClient client = RedisClient.create(redis.uri());
            client.connect().sync().flushall();
            client.shutdown();
            awaitChanges();

            try (NodeAgent b = agent("b")) {
                awaitChanges("joined b");
            }
        }
    }
}
