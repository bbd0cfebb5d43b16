// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterWarningsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);

    private static void add(ClusterView to, String uid, String name, String version, long interval, Quality quality) {
        QualityFlags flags = quality == null ? QualityFlags.NONE : QualityFlags.of(Map.of(Field.NUM_CLIENTS, quality));
        to.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(NodeSnapshot.builder(uid, name).build())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(interval)
                        .status(new NodeStatus(null, 0, false, version, Map.of(), flags))
                        .build(),
                15_000));
    }

    private void add(String uid, String version, long interval) {
        add(view, uid, "n-" + uid, version, interval, null);
    }

    private static ArrayNode warnings(ClusterView of, List<String> unreadable) {
        ArrayNode warnings = ApiJson.array();
        new ClusterWarnings(warnings).write(of, of.nodeList().nodes(), unreadable);
        return warnings;
    }

    private JsonNode only(List<String> unreadable) {
        ArrayNode warnings = warnings(view, unreadable);
        assertThat(warnings).hasSize(1);
        return warnings.path(0);
    }

    @Test
    void viewNeverReady_hasNoWarnings() {
        add("a", null, 60);

        assertThat(warnings(view, List.of())).isEmpty();
    }

    @Test
    void disconnectedPartition_isReportedWithItsNodes_onceTheViewWasReady() {
        ClusterView two = new ClusterView(new SnapshotCodec(), ticker, 1_000, new Partitions(2), 1_000_000);
        for (int partition = 0; partition < 2; partition++) {
            two.subscription().onLoaded(partition, two.subscription().onSubscribed(partition));
        }
        IntStream.range(0, 40).forEach(i -> add(two, "uid-" + i, "n" + i, null, 60, null));
        assertThat(warnings(two, List.of())).isEmpty();

        two.subscription().onDisconnected(1);

        long nodes = IntStream.range(0, 40)
                .filter(i -> new Partitions(2).of("uid-" + i) == 1)
                .count();
        assertThat(nodes).isBetween(1L, 39L);
        assertThat(warnings(two, List.of()).toString())
                .isEqualTo(
                        "[{\"code\":\"partitions_disconnected\",\"message\":\"1 of 2 partitions are disconnected; their "
                                + nodes + " nodes are as they were\"}]");

        two.subscription().onDisconnected(0);
        assertThat(warnings(two, List.of())).as("/ready reports it").isEmpty();
    }

    @Test
    void duplicateNames_areListedInOrder_withTheirUids() {
        for (String uid : List.of("3", "1", "2")) {
            add(view, uid, "chat", null, 60, null);
            add(view, "b" + uid, "bot", null, 60, null);
        }
        add(view, "x", "alone", null, 60, null);

        assertThat(warnings(view, List.of()).toString())
                .isEqualTo("[{\"code\":\"duplicate_name\",\"message\":\"name bot has 3 live nodes\",\"name\":\"bot\","
                        + "\"uids\":[\"b1\",\"b2\",\"b3\"]},{\"code\":\"duplicate_name\",\"message\":"
                        + "\"name chat has 3 live nodes\",\"name\":\"chat\",\"uids\":[\"1\",\"2\",\"3\"]}]");
    }

    @Test
    void uidsOfAWarning_listIsBounded_countIsNot() {
        List<String> uids = IntStream.range(0, 50).mapToObj(i -> "u" + i).toList();
        JsonNode warning = only(uids);

        assertThat(warning.path("message").asText()).isEqualTo("50 nodes publish unreadable histograms or sketches");
        assertThat(warning.path("uids")).extracting(JsonNode::asText).containsExactlyElementsOf(uids.subList(0, 20));
    }

    @Test
    void conflicts_beyondTheListLimit_areCounted() {
        for (int i = 0; i < 25; i++) {
            view.conflicts().record(new Conflict("u" + i, 1, new Writer("w1", null), new Writer("w2", null)));
        }

        ArrayNode warnings = warnings(view, List.of());
        assertThat(warnings).hasSize(21);
        assertThat(warnings.findValuesAsText("code")).containsOnly("writer_conflict");
        assertThat(warnings.path(20).toString())
                .isEqualTo("{\"code\":\"writer_conflict\",\"message\":\"5 more nodes have two agents\"}");
    }

    @Test
    void mixedIntervals_areCountedByInterval() {
        add("a", null, 60);
        add("b", null, 10);
        add("c", null, 60);

        JsonNode warning = only(List.of());
        assertThat(warning.path("code").asText()).isEqualTo("mixed_metrics_interval");
        assertThat(warning.path("nodes_by_seconds").toString()).isEqualTo("{\"10\":1,\"60\":2}");
    }

    @Test
    void versions_nodesWithoutVersionAreIgnored_listIsBounded() {
        add("a", "1.0", 60);
        add("b", null, 60);
        assertThat(warnings(view, List.of())).isEmpty();

        add("c", "1.0", 60);
        add("d", "1.1", 60);
        add("e", null, 60);
        add("f", "1.0", 60);
        assertThat(only(List.of()).path("nodes_by_version").toString()).isEqualTo("{\"1.0\":3,\"1.1\":1}");

        IntStream.range(10, 40).forEach(i -> add("u" + i, "2." + i, 60));
        assertThat(only(List.of()).path("nodes_by_version")).hasSize(20);
        assertThat(only(List.of()).at("/nodes_by_version/1.0").asInt()).isEqualTo(3);
    }

    @Test
    void staleNumbers_onlyQualityStaleIsReported() {
        add(view, "a", "a", null, 60, Quality.STALE);
        add(view, "b", "b", null, 60, Quality.BOUND);
        add(view, "c", "c", null, 60, Quality.UNAVAILABLE);

        assertThat(only(List.of()).toString())
                .isEqualTo("{\"code\":\"stale_numbers\",\"message\":\"1 nodes beat, but what they report on has fallen"
                        + " silent\",\"uids\":[\"a\"]}");
    }

    @Test
    void fullView_isReportedWithItsLimit() {
        ClusterView small = new ClusterView(new SnapshotCodec(), ticker, 2);
        add(small, "a", "a", null, 60, null);
        assertThat(warnings(small, List.of())).isEmpty();

        add(small, "b", "b", null, 60, null);
        add(small, "c", "c", null, 60, null);

        assertThat(warnings(small, List.of()).toString())
                .isEqualTo("[{\"code\":\"view_full\",\"message\":\"more nodes than max-nodes 2 are not listed\"}]");
    }

    @Test
    void droppedDetail_isReportedWithTheMemoryLimit() {
        ClusterView tiny = new ClusterView(new SnapshotCodec(), ticker, 10, Partitions.ONE, 4_096);
        for (String uid : List.of("a", "b", "c")) {
            tiny.onLoaded(new StoredSnapshot(
                    SnapshotEnvelope.builder(NodeSnapshot.builder(uid, uid).build())
                            .seq(1)
                            .ttlMillis(15_000)
                            .metricsIntervalSeconds(60)
                            .detail(new WindowDetail(Encoded.histogram(new byte[2_000]), null, null, null))
                            .build(),
                    15_000));
        }

        assertThat(warnings(tiny, List.of()).toString())
                .isEqualTo(
                        "[{\"code\":\"detail_dropped\",\"message\":\"histograms and sketches of 2 nodes do not fit into"
                                + " max-detail-memory 4KiB: quantiles are those of the other nodes\"}]");
    }
}
