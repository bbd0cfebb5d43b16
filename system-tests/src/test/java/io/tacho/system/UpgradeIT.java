// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.NodeAgent;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests mixed versions, as in every rolling upgrade: current programs, a later agent, a reader of the first contract. */
class UpgradeIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private RedisSettings settings;

    @BeforeEach
    void newNamespace() {
        settings = redis.settings();
    }

    private NodeAgent currentAgent(String name) {
        return NodeAgent.builder()
                .redis(settings)
                .name(name)
                .metricsInterval(Duration.ofSeconds(1))
                .publishInterval(Duration.ofSeconds(1))
                .ttl(Duration.ofSeconds(30))
                .users(() -> List.of("ann", "bob"))
                .start();
    }

    private static void awaitNames(TestAggregator aggregator, String... names) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(aggregator.names()).containsExactly(names));
    }

    /** Unknown members, fields, marks, forms and kinds of message: the node is listed, with all that can be read. */
    @Test
    void agentOfALaterVersion_isListedWithWhatCanBeRead() throws Exception {
        try (TestAggregator aggregator = TestAggregator.start(settings);
                NodeAgent today = currentAgent("today");
                LaterVersionAgent tomorrow = LaterVersionAgent.start(settings, "tomorrow");
                LaterVersionAgent unreadable = LaterVersionAgent.start(settings, "unreadable", 2)) {
            awaitNames(aggregator, "today", "tomorrow");
            tomorrow.hint();
            tomorrow.beat();
            unreadable.beat();

            await().untilAsserted(() -> assertThat(aggregator.metrics().malformed())
                    .containsOnlyKeys("unknown_type", "unreadable_part", "unsupported_version"));
            assertThat(aggregator.names()).containsExactly("today", "tomorrow");
            assertReadableParts(aggregator, today.uid(), tomorrow.uid());
            // from the entries in Redis alone, before any message
            try (TestAggregator late = TestAggregator.start(settings)) {
                await().until(late::isReady);
                assertThat(late.names()).containsExactly("today", "tomorrow");
                assertReadableParts(late, today.uid(), tomorrow.uid());
            }
        }
    }

    private static void assertReadableParts(TestAggregator aggregator, String today, String tomorrow) throws Exception {
        JsonNode node = aggregator.get("/nodes/" + tomorrow);
        assertThat(node.path("state").asText()).as("unreadable draining flag").isEqualTo("live");
        assertThat(node.path("labels").toString()).isEqualTo("{\"zone\":\"a\"}");
        assertThat(node.path("quality").toString())
                .isEqualTo("{\"bytes_client_in\":\"bound\",\"num_msg_queued\":\"unknown\",\"num_subs\":\"unknown\"}");
        assertThat(node.path("extras").toString())
                .as("an unknown rule is passed through")
                .isEqualTo("{\"load\":{\"kind\":\"gauge\",\"rule\":\"average\",\"value\":3},"
                        + "\"shards\":{\"kind\":\"gauge\",\"rule\":\"sum\",\"value\":5}}");
        assertThat(aggregator.get("/cluster").path("extras").toString())
                .as("not merged")
                .isEqualTo("{\"shards\":{\"kind\":\"gauge\",\"rule\":\"sum\",\"nodes\":1,\"value\":5}}");
        assertThat(node.has("totals")).isFalse();
        assertThat(node.at("/stats/num_clients").asInt()).isEqualTo(4);
        assertThat(fieldNames(node.path("stats")))
                .hasSize(22)
                .isEqualTo(fieldNames(aggregator.get("/nodes/" + today).path("stats")));

        JsonNode cluster = aggregator.cluster();
        assertThat(cluster.at("/nodes/live").asInt()).isEqualTo(2);
        assertThat(cluster.at("/merged/num_unique_clients/union/nodes").asInt())
                .as("an unreadable sketch is excluded from the union")
                .isEqualTo(1);
        assertThat(cluster.at("/merged/num_clients").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(cluster.path("warnings").findValuesAsText("code")).contains("unreadable_detail");
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A reader of the 22 fields alone can read current and later agents. */
    @Test
    void readerOfTheFirstContract_readsCurrentAndLaterAgents() throws Exception {
        try (FirstContractReader yesterday = new FirstContractReader(settings)) {
            try (NodeAgent today = currentAgent("today");
                    LaterVersionAgent tomorrow = LaterVersionAgent.start(settings, "tomorrow")) {
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    assertThat(yesterday.received()).containsOnlyKeys(today.uid(), tomorrow.uid());
                    assertThat(yesterday.stored()).isEqualTo(yesterday.received());
                });
                assertThat(yesterday.received().get(today.uid()))
                        .containsEntry("name", "today")
                        .containsEntry("num_unique_clients", 2L);
            }
            await().untilAsserted(() -> {
                assertThat(yesterday.received()).isEqualTo(Map.of());
                assertThat(yesterday.stored()).isEqualTo(Map.of());
            });
        }
    }

    /** Five nodes are replaced by their next version one by one: none of them is missing in any response. */
    @Test
    void rollingUpgrade_noNodeIsMissingInAnyResponse() throws Exception {
        Set<String> names = Set.of("n1", "n2", "n3", "n4", "n5");
        List<LaterVersionAgent> upgraded = new ArrayList<>();
        List<NodeAgent> old = new ArrayList<>();
        try (TestAggregator aggregator = TestAggregator.start(settings)) {
            names.stream().sorted().forEach(name -> old.add(currentAgent(name)));
            awaitNames(aggregator, "n1", "n2", "n3", "n4", "n5");
            try (ResponseWatch watch = new ResponseWatch(names, List.of(aggregator::names))) {
                for (NodeAgent agent : old) {
                    String name = "n" + (upgraded.size() + 1);
                    LaterVersionAgent next = LaterVersionAgent.start(settings, name);
                    upgraded.add(next);
                    await().untilAsserted(() -> assertThat(uids(aggregator)).contains(next.uid()));
                    agent.close();
                    await().untilAsserted(() -> assertThat(uids(aggregator)).doesNotContain(agent.uid()));
                    awaitNames(aggregator, "n1", "n2", "n3", "n4", "n5");
                }
                watch.assertComplete();
            }
            assertThat(uids(aggregator))
                    .containsExactlyInAnyOrderElementsOf(
                            upgraded.stream().map(LaterVersionAgent::uid).toList());
        } finally {
            old.forEach(NodeAgent::close);
            for (LaterVersionAgent agent : upgraded) {
                agent.close();
            }
        }
    }

    private static List<String> uids(TestAggregator aggregator) throws Exception {
        return aggregator.stats().path("nodes").findValuesAsText("uid");
    }
}
