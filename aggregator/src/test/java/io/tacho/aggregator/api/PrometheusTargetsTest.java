// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTargetsTest {

    private final ClusterView view = new ClusterView(new SnapshotCodec(), new ManualScheduler(), 100);
    private final PrometheusTargets targets = new PrometheusTargets(view, "prod");

    private void node(String uid, @Nullable String address, Map<String, String> labels) {
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(Snapshots.snapshot(uid, "name-" + uid))
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus(null, 5_000, false, null, labels, QualityFlags.NONE)
                                .withAddress(address))
                        .build(),
                15_000));
    }

    private String body(String query) {
        return new String(targets.body(QueryParameters.parse(query)), UTF_8);
    }

    private static String group(String uid, String target, String labels) {
        return "{\"targets\":[\"" + target + "\"],\"labels\":{" + labels + "\"__meta_tacho_uid\":\"" + uid
                + "\",\"__meta_tacho_name\":\"name-" + uid + "\",\"__meta_tacho_namespace\":\"prod\"}}";
    }

    @Test
    void isComplete_beforeTheFirstLoad_isFalse() {
        assertThat(targets.isComplete()).isFalse();

        ManualScheduler time = new ManualScheduler();
        new Collector(new InMemoryTransport(time).source(), view, time, Duration.ofHours(1), time).start();
        time.runPending();

        assertThat(targets.isComplete()).isTrue();
    }

    @Test
    void body_noNodes() {
        assertThat(body("")).isEqualTo("[]");
    }

    @Test
    void body_nodesWithoutAddress_areOmitted() {
        node("u1", "10.0.0.1:8000", Map.of());
        node("u2", null, Map.of());

        assertThat(body("")).isEqualTo("[" + group("u1", "10.0.0.1:8000", "") + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web-1:8000|web-1:8000|''",
                "[::1]:9100|[::1]:9100|''",
                "http://web-1:8000|web-1:8000|'\"__scheme__\":\"http\",'",
                "https://web-1/metrics/all|web-1|'\"__scheme__\":\"https\",\"__metrics_path__\":\"/metrics/all\",'"
            })
    void body_address_isTheTarget(String address, String target, String labels) {
        node("u1", address, Map.of());

        assertThat(body("")).isEqualTo("[" + group("u1", target, labels) + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://web-1:8000/connection/websocket", "redis://web-1:6379"})
    void body_otherSchemes_areOmitted(String address) {
        node("u1", address, Map.of());

        assertThat(body("")).isEqualTo("[]");
    }

    @Test
    void body_fullNode_hasAllLabels() {
        SnapshotEnvelope beat = Snapshots.detailed("u1", 1);
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(beat.snapshot())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(beat.status().withAddress("a:1"))
                        .build(),
                15_000));

        assertThat(body(""))
                .contains("\"__meta_tacho_version\":\"6.2.0\",\"__meta_tacho_host\":\"host-1\","
                        + "\"__meta_tacho_label_role\":\"007\",\"__meta_tacho_label_zone\":\"a\"");
    }

    @Test
    void body_filtered() {
        node("u1", "a:1", Map.of("zone", "eu"));
        node("u2", "b:1", Map.of("zone", "us"));

        assertThat(body("label=zone=us")).contains("\"b:1\"").doesNotContain("\"a:1\"");
        assertThat(body("name=*1")).contains("\"a:1\"").doesNotContain("\"b:1\"");
        assertThat(body("node=u2")).contains("\"b:1\"").doesNotContain("\"a:1\"");
    }

    @Test
    void body_unknownParameter_isRejected() {
        assertThatThrownBy(() -> body("limit=1")).hasMessage("unknown parameter 'limit' (expected: label, name, node)");
    }
}
