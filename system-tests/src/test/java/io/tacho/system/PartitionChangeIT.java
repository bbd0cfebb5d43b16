// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.NodeAgent;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The documented change from 1 to 8 partitions in a Redis Cluster of three masters, under continuous requests: aggregators with the
 * previous partitions, nodes one by one, aggregators without.
 */
class PartitionChangeIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int AGENTS = 3;
    /** Messages of each agent process. */
    private static final int MESSAGES = 1_000;
    /** Nodes whose uid does not change when their agent is restarted. */
    private static final List<String> FIXED = List.of("fixed-1", "fixed-2", "fixed-3", "fixed-4");

    private final long from = System.currentTimeMillis() / 60_000 * 60;

    @AutoClose
    private final Resources resources = new Resources();
    /** Behind a load balancer. */
    private final List<TestAggregator> aggregators = new CopyOnWriteArrayList<>();

    private final Map<TestAggregator, Long> messages = new ConcurrentHashMap<>();
    private RedisClusterSet redis;

    @AfterEach
    void stop() throws Exception {
        aggregators.forEach(TestAggregator::close);
    }

    private NodeAgent agent(RedisSettings settings, String name) {
        NodeAgent agent = resources.closeLater(NodeAgent.builder()
                .redis(settings)
                .name(name)
                .metricsInterval(Duration.ofSeconds(1))
                .publishInterval(Duration.ofMillis(250))
                .start());
        agent.recorder().messagesSent(MESSAGES);
        return agent;
    }

    /** Publishes a beat of a node whose agent ends without a leave message. */
    private SnapshotPublisher publisher(RedisSettings settings) {
        RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
        return resources.closeLater(transport.publisher());
    }

    private static void beat(SnapshotPublisher publisher, String uid, long seq) {
        publisher
                .publish(Snapshots.beat(uid, uid, seq, 60_000))
                .toCompletableFuture()
                .join();
    }

    private void replaceAggregators(RedisSettings settings) throws Exception {
        for (TestAggregator old : List.copyOf(aggregators)) {
            TestAggregator next = TestAggregator.start(settings);
            await().atMost(TIMEOUT).until(next::isReady);
            awaitMessages(next, messages.getOrDefault(old, 0L));
            aggregators.add(next);
            aggregators.remove(old);
            // a request may be on its way to it
            resources.closeLater(old);
        }
    }

    private List<String> names(TestAggregator aggregator) throws Exception {
        JsonNode nodes = aggregator.stats().path("nodes");
        List<String> uids = nodes.findValuesAsText("uid");
        if (uids.size() != new HashSet<>(uids).size()) {
            return List.of("a node twice: " + uids);
        }
        long sent = messages(aggregator);
        if (sent < messages.getOrDefault(aggregator, 0L)) {
            return List.of("history: " + sent + " messages after " + messages.get(aggregator));
        }
        messages.put(aggregator, sent);
        return nodes.findValuesAsText("name");
    }

    private long messages(TestAggregator aggregator) throws Exception {
        long sent = 0;
        for (JsonNode step : aggregator
                .get("/history?from=" + from + "&to=" + (from + 600) + "&step=1m")
                .at("/fields/num_msg_sent")) {
            sent += step.asLong();
        }
        return sent;
    }

    private void awaitMessages(TestAggregator aggregator, long expected) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(messages(aggregator)).isGreaterThanOrEqualTo(expected));
    }

    private static List<String> uids(TestAggregator aggregator) throws Exception {
        return aggregator.stats().path("nodes").findValuesAsText("uid");
    }

    @Test
    void from1To8_noNodeIsMissingOrDuplicate_andTheHistoryIsExact() throws Exception {
        redis = resources.closeLater(RedisClusterSet.startWithoutReplicas());
        RedisSettings one = RedisSettings.of(redis.uri());
        RedisSettings eight = one.withPartitions(8);
        List<NodeAgent> agents = new ArrayList<>();
        Set<String> names = new TreeSet<>(FIXED);
        for (int i = 0; i < AGENTS; i++) {
            agents.add(agent(one, "n" + i));
            names.add("n" + i);
        }
        SnapshotPublisher before = publisher(one);
        SnapshotPublisher after = publisher(eight);
        FIXED.forEach(uid -> beat(before, uid, 1));
        aggregators.add(TestAggregator.start(one));
        aggregators.add(TestAggregator.start(one));
        for (TestAggregator aggregator : aggregators) {
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(Set.copyOf(aggregator.names())).isEqualTo(names));
            awaitMessages(aggregator, AGENTS * MESSAGES);
        }

        try (ResponseWatch watch = new ResponseWatch(
                names,
                List.of(() -> names(aggregators.get(0)), () -> names(aggregators.get(aggregators.size() - 1))))) {
            replaceAggregators(eight.withPreviousPartitions(1));
            for (NodeAgent old : agents) {
                NodeAgent moved = agent(eight, "n" + agents.indexOf(old));
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(aggregators)
                                .allSatisfy(aggregator ->
                                        assertThat(uids(aggregator)).contains(moved.uid())));
                old.close();
            }
            FIXED.forEach(uid -> beat(after, uid, 2));
            awaitMessages(aggregators.get(0), 2L * AGENTS * MESSAGES);
            replaceAggregators(eight);
            watch.assertComplete();
        }

        for (TestAggregator aggregator : aggregators) {
            assertThat(aggregator.names()).hasSize(names.size());
            assertThat(messages(aggregator)).isEqualTo(2L * AGENTS * MESSAGES);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(aggregator
                                    .get("/membership")
                                    .path("changes")
                                    .findValuesAsText("change"))
                            .as("only the moved agents")
                            .hasSize(2 * AGENTS)
                            .containsOnly("joined", "left"));
        }
        assertThat(IntStream.range(0, redis.size())
                        .mapToLong(
                                master -> redis.commands(master).keys("*:nodes").size()))
                .as("registries of each master")
                .allMatch(registries -> registries > 0);
    }
}
