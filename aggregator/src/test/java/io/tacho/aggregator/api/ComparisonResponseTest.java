// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.cluster.Identity;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the comparison of node groups, and the imbalance of load. */
class ComparisonResponseTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    private final ComparisonResponse response = new ComparisonResponse(view, Runnable::run, ticker);

    @BeforeEach
    void start() {
        collector.start();
        ticker.runPending();
    }

    @Test
    void versions_sideBySide_theLargestGroupIsTheBaseline() throws IOException {
        add("a", "1.0", "eu", 1_000, 2_000_000, 60_000);
        add("b", "1.0", "us", 3_000, 2_000_000, 180_000);
        add("canary", "1.1", "eu", 500, 6_000_000, 15_000);

        JsonNode comparison = comparison("version");

        assertThat(comparison.path("by").asText()).isEqualTo("version");
        assertThat(comparison.path("total").asInt()).isEqualTo(2);
        JsonNode baseline = comparison.at("/groups/0");
        assertThat(baseline.path("value").asText()).isEqualTo("1.0");
        assertThat(baseline.path("nodes").asInt()).isEqualTo(2);
        assertThat(baseline.path("num_clients").asLong()).isEqualTo(4_000);
        assertThat(baseline.at("/values/clients_per_node/value").asDouble()).isEqualTo(2_000);
        assertThat(baseline.at("/values/num_msg_sent_per_1000_clients/value").asDouble())
                .isEqualTo(60_000);
        assertThat(baseline.at("/values/time_api_mean/factor").asDouble()).isEqualTo(1);
        JsonNode canary = comparison.at("/groups/1");
        assertThat(canary.path("value").asText()).isEqualTo("1.1");
        assertThat(canary.at("/values/num_msg_sent_per_1000_clients/value").asDouble())
                .isEqualTo(30_000);
        assertThat(canary.at("/values/num_msg_sent_per_1000_clients/factor").asDouble())
                .isEqualTo(0.5);
        assertThat(canary.at("/values/time_api_mean/value").asDouble()).isEqualTo(6_000_000);
        assertThat(canary.at("/values/time_api_mean/factor").asDouble()).isCloseTo(3, within(0.001));
        assertThat(canary.at("/samples/time_api").asLong()).isZero();
    }

    @Test
    void label_groupsByValue_nodesWithoutTheLabelAreASeparateGroup() throws IOException {
        add("a", "1.0", "eu", 10, 1, 1);
        add("b", "1.0", "eu", 10, 1, 1);
        add("c", "1.0", null, 10, 1, 1);

        JsonNode groups = comparison("label:zone").path("groups");

        assertThat(groups.findValuesAsText("value")).contains("eu", "null");
        assertThat(groups.at("/0/nodes").asInt()).isEqualTo(2);
        assertThat(groups.at("/1/value").isNull()).isTrue();
        assertThat(groups.at("/1/nodes").asInt()).isEqualTo(1);
    }

    @Test
    void clusterWithoutClients_hasNoRates() throws IOException {
        add("a", "1.0", "eu", 0, 1, 1);

        assertThat(comparison("version").at("/groups/0/values").has("num_msg_sent_per_1000_clients"))
                .isFalse();
    }

    @Test
    void emptyCluster_hasNoGroups() throws IOException {
        assertThat(comparison("version").path("groups")).isEmpty();
    }

    @Test
    void manyGroups_areLimited() throws IOException {
        for (int i = 0; i < 60; i++) {
            add("node-" + i, "1." + i, "eu", 1, 1, 1);
        }

        assertThat(comparison("version").path("total").asInt()).isEqualTo(60);
        assertThat(comparison("version").path("groups")).hasSize(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "label:", "label:a-b", "VERSION"})
    void unknownProperty_isRejected(String by) {
        assertThatThrownBy(() -> response.body(by))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("by: '" + by + "' (expected: version, or label:NAME)");
    }

    @Test
    void manyDifferentComparisonsAtOnce_areRejected() {
        ComparisonResponse busy = new ComparisonResponse(view, task -> {}, ticker);
        for (int i = 0; i < 16; i++) {
            assertThat(busy.body("label:zone_" + i).toCompletableFuture()).isNotDone();
        }

        assertThat(busy.body("label:zone_0").toCompletableFuture()).isNotDone();
        assertThat(busy.body("version").toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RejectedExecutionException.class)
                .withMessage("by: too many different comparisons at once (expected: at most 16)");
    }

    @Test
    void imbalance_isInTheCluster() throws IOException {
        add("a", "1.0", "eu", 100, 1, 1);
        add("b", "1.0", "eu", 300, 1, 1);

        JsonNode imbalance = cluster().path("imbalance");

        assertThat(imbalance.at("/num_clients/nodes").asInt()).isEqualTo(2);
        assertThat(imbalance.at("/num_clients/max_over_mean").asDouble()).isEqualTo(1.5);
        assertThat(imbalance.at("/num_clients/variation").asDouble()).isEqualTo(0.5);
        assertThat(imbalance.has("cpu_usage")).isFalse();
    }

    @Test
    void oneNode_hasNoImbalance() throws IOException {
        add("a", "1.0", "eu", 100, 1, 1);

        assertThat(cluster().path("imbalance")).isEmpty();
    }

    private void add(String uid, String version, String zone, long clients, long meanNanos, long sent) {
        NodeSnapshot snapshot = NodeSnapshot.builder(uid, "name-" + uid)
                .set(Field.NUM_CLIENTS, clients)
                .set(Field.NUM_MSG_SENT, sent)
                .set(Field.NUM_API_REQUESTS, 100)
                .set(Field.TIME_API_MEAN, meanNanos)
                .build();
        Map<String, String> labels = zone == null ? Map.of() : Map.of("zone", zone);
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot)
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus("host", 5_000, false, version, labels, QualityFlags.NONE))
                        .build(),
                15_000));
    }

    private JsonNode comparison(String by) throws IOException {
        ticker.advance(Duration.ofSeconds(1));
        return new ObjectMapper()
                .readTree(response.body(by).toCompletableFuture().join());
    }

    private JsonNode cluster() throws IOException {
        ClusterResponse cluster = new ClusterResponse(
                view,
                new TotalsCache(view, ticker),
                () -> OutlierReport.NONE,
                () -> new Identity("tacho", "tacho", "web-1:7022", "0.1.0", "127.0.0.1:6379", Map.of()),
                Runnable::run,
                ticker);
        return new ObjectMapper().readTree(cluster.body().toCompletableFuture().join());
    }
}
