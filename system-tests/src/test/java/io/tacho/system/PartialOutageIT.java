// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.NodeAgent;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Resources;
import io.tacho.testing.Signals;
import io.tacho.testing.Snapshots;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests a Redis Cluster without replicas in which one of three masters fails: that of the membership log, the alerts and the unions. */
class PartialOutageIT {

    private static final Logger logger = LoggerFactory.getLogger(PartialOutageIT.class);

    private static final int COUNT = 6;
    /** The numbers of the tags of six partitions. */
    private static final int[] TAGS = {0, 79386, 10598, 5338, 2077, 28232};

    private static final Partitions PARTITIONS = new Partitions(COUNT);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** One beat, the longest backoff, and 8 s for a loaded machine. */
    private static final Duration ONE_BEAT = BEAT.plusSeconds(1).plusSeconds(8);

    @AutoClose
    private final Resources resources = new Resources();

    private RedisClusterSet redis;
    private RedisSettings settings;
    private TestAggregator aggregator;
    private SnapshotPublisher publisher;
    private int failedMaster;
    /** The partitions of the failed master. */
    private final Set<Integer> affected = new HashSet<>();

    private int affectedNodes;
    private int healthyNodes;

    @BeforeEach
    void start() throws Exception {
        redis = resources.closeLater(RedisClusterSet.startWithoutReplicas());
        settings = RedisSettings.of(redis.uri()).withPartitions(COUNT);
        RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
        publisher = resources.closeLater(transport.publisher());
        failedMaster = redis.masterOf(channel(0));
        IntStream.range(0, COUNT)
                .filter(partition -> redis.masterOf(channel(partition)) == failedMaster)
                .forEach(affected::add);
        assertThat(affected).as("partitions of one master").hasSizeLessThan(COUNT);
        aggregator = aggregator();
        await().atMost(TIMEOUT).until(aggregator::isReady);
        while (affectedNodes < 2 || healthyNodes < 2) {
            if (affected.contains(PARTITIONS.of(
                    agent("node-" + (affectedNodes + healthyNodes)).uid()))) {
                affectedNodes++;
            } else {
                healthyNodes++;
            }
        }
        await().atMost(TIMEOUT).until(() -> aggregator.names().size() == affectedNodes + healthyNodes);
    }

    private static String channel(int partition) {
        return "{tacho:" + TAGS[partition] + "}:snapshots";
    }

    private TestAggregator aggregator() throws Exception {
        return resources.closeLater(TestAggregator.start(settings));
    }

    private NodeAgent agent(String name) {
        return resources.closeLater(NodeAgent.builder()
                .redis(settings)
                .name(name)
                .publishInterval(BEAT)
                .ttl(TTL)
                .start());
    }

    /** {@return a uid in a partition that is not affected} */
    private String healthyUid(String name) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> name + "-" + i)
                .filter(uid -> !affected.contains(PARTITIONS.of(uid)))
                .findFirst()
                .orElseThrow();
    }

    private void beatOnce(String name) {
        publisher.publish(Snapshots.beat(healthyUid(name), name, 1, TTL.toMillis()));
        await().atMost(TIMEOUT).until(() -> aggregator.names().contains(name));
    }

    private void awaitShare(TestAggregator of, int disconnected) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(
                                of.cluster().at("/view/partitions/disconnected").asInt(-1))
                        .isEqualTo(disconnected));
    }

    /** {@return the changes but for the agents, which register anew when the master has lost its data} */
    private static List<String> membership(TestAggregator of) throws Exception {
        List<String> changes = new ArrayList<>();
        for (JsonNode change : of.get("/membership").path("changes")) {
            String name = change.path("name").asText();
            if (!name.startsWith("node-")) {
                changes.add(change.path("change").asText() + " " + name);
            }
        }
        return changes;
    }

    private void awaitLost(TestAggregator of, int nodes) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(of.cluster().at("/total/lost").asInt()).isEqualTo(nodes));
    }

    private void assertPartlyReady(TestAggregator of) throws Exception {
        assertThat(of.send("/-/ready").statusCode()).isEqualTo(200);
        JsonNode ready = of.get("/-/ready");
        assertThat(ready.path("ready").asBoolean()).isTrue();
        assertThat(ready.path("stale_ms").asLong()).isPositive();
        assertThat(ready.at("/partitions/total").asInt()).isEqualTo(COUNT);
        assertThat(ready.at("/partitions/disconnected").asInt()).isEqualTo(affected.size());
        HttpResponse<String> stats = of.send("/stats");
        assertThat(stats.statusCode()).isEqualTo(200);
        assertThat(stats.headers().firstValue("X-Tacho-Stale-Partitions")).contains(affected.size() + "/" + COUNT);
        assertThat(stats.headers().firstValue("X-Tacho-Stale-Ms")).isPresent();
        assertThat(of.send("/metrics").body())
                .contains("tacho_aggregator_partitions{state=\"disconnected\"} " + affected.size() + ".0");
    }

    @Test
    void masterKilled_itsNodesAreStaleAndReturnWithinOneBeat_othersAreUnaffected() throws Exception {
        redis.node(failedMaster).stopServer();

        awaitShare(aggregator, affected.size());
        assertPartlyReady(aggregator);
        beatOnce("leaving");
        publisher.leave(Snapshots.leave(healthyUid("leaving"), 2));
        await().atMost(TIMEOUT).until(() -> !aggregator.names().contains("leaving"));
        beatOnce("dying");
        awaitLost(aggregator, 1);
        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode nodes = aggregator.cluster().path("nodes");
            assertThat(nodes.path("stale").asInt()).isEqualTo(affectedNodes);
            assertThat(nodes.path("live").asInt()).isEqualTo(healthyNodes);
        });
        assertThat(aggregator
                        .cluster()
                        .at("/view/partitions/disconnected_nodes")
                        .asInt())
                .isEqualTo(affectedNodes);
        List<String> changes = List.of("lost dying", "joined dying", "left leaving", "joined leaving");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(membership(aggregator)).isEqualTo(changes));
        assertPartlyReady(aggregator);

        TestAggregator late = aggregator();
        await().atMost(TIMEOUT).until(late::isReady);
        assertPartlyReady(late);
        assertThat(late.names()).hasSize(healthyNodes);

        redis.node(failedMaster).startServer();
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> redis.commands(failedMaster).clusterInfo().contains("cluster_state:ok"));
        long backNanos = System.nanoTime();
        awaitShare(aggregator, 0);
        awaitAllLive(aggregator);
        assertOneBeatSince(backNanos, "nodes known before are live");
        awaitShare(late, 0);
        awaitAllLive(late);
        assertOneBeatSince(backNanos, "all nodes are registered again");
        assertThat(aggregator.send("/stats").headers().map()).doesNotContainKey("X-Tacho-Stale-Ms");
        for (TestAggregator each : List.of(aggregator, late)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(membership(each)).isEqualTo(changes));
        }
        awaitLost(aggregator, 1);
        awaitLost(late, 0);
    }

    private static void assertOneBeatSince(long backNanos, String what) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - backNanos);
        logger.warn("{} {} ms after the master is back", what, elapsed.toMillis());
        assertThat(elapsed).as(what).isLessThan(ONE_BEAT);
    }

    private void awaitAllLive(TestAggregator of) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            JsonNode nodes = of.cluster().path("nodes");
            assertThat(nodes.path("live").asInt()).isEqualTo(healthyNodes + affectedNodes);
            assertThat(nodes.path("stale").asInt()).isZero();
        });
    }

    @Test
    void masterOfTheAlertsKilled_shareIsNotified_lossesAreNotifiedAfterReconnect(@TempDir Path directory)
            throws Exception {
        TestWebhook webhook = resources.closeLater(TestWebhook.start());
        aggregator.setAlertConfig(Files.writeString(
                directory.resolve("alerts"),
                "rule not-receiving stale > 1s\nrule node-lost lost\nrule silent age > 3s\nwebhook " + webhook.url()
                        + "\n"));

        redis.node(failedMaster).stopServer();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(webhook.texts())
                        .singleElement()
                        .satisfies(text -> assertThat(text)
                                .startsWith("FIRING not-receiving (1): aggregator ")
                                .contains(" has not received " + affected.size() + " of " + COUNT
                                        + " partitions from Redis for ")));
        beatOnce("dying");
        awaitLost(aggregator, 1);
        await().atMost(TIMEOUT)
                .until(() -> aggregator.cluster().at("/nodes/stale").asInt() == affectedNodes);
        assertThat(aggregator.send("/alerts").statusCode()).isEqualTo(200);

        redis.node(failedMaster).startServer();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(webhook.texts().stream().flatMap(String::lines))
                        .hasSize(3)
                        .anySatisfy(text -> assertThat(text)
                                .startsWith("RESOLVED not-receiving (1): ")
                                .endsWith("reason: it receives from Redis again"))
                        .contains("FIRING node-lost (1): dying: lost"));
    }

    @Test
    void dashboard_showsTheDisconnectedShare() throws Exception {
        Browser browser = resources.closeLater(Browser.start());
        browser.open(aggregator.url() + "/");
        await().atMost(TIMEOUT).until(() -> text(browser, "#connection").equals("live"));

        redis.node(failedMaster).stopServer();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(text(browser, "#trouble"))
                        .matches("The aggregator cannot see " + affected.size() + " of " + COUNT
                                + " partitions of Redis\\. " + affectedNodes + " nodes are as they were \\d+s ago\\."));
        assertThat(text(browser, "#connection"))
                .matches("live, " + affected.size() + " of " + COUNT + " partitions \\d+s old");

        redis.node(failedMaster).startServer();
        await().atMost(TIMEOUT).until(() -> text(browser, "#connection").equals("live"));
        assertThat(browser.consoleErrors()).isEmpty();
    }

    private static String text(Browser browser, String selector) {
        return browser.driver().findElement(By.cssSelector(selector)).getText();
    }

    @Test
    void masterSuspended_otherPartitionsStayConnected() throws Exception {
        Signals.send("STOP", redis.node(failedMaster).process());
        try {
            awaitShare(aggregator, affected.size());
            beatOnce("dying");
            awaitLost(aggregator, 1);
            // longer than the cluster needs to find the master failed
            await().during(Duration.ofSeconds(5)).atMost(TIMEOUT).untilAsserted(() -> {
                assertPartlyReady(aggregator);
                assertThat(aggregator.cluster().at("/nodes/live").asInt()).isEqualTo(healthyNodes);
            });
        } finally {
            Signals.send("CONT", redis.node(failedMaster).process());
        }

        awaitShare(aggregator, 0);
        awaitAllLive(aggregator);
        awaitLost(aggregator, 1);
    }
}
