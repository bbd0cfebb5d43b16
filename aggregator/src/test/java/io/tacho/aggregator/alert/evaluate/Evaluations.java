// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A view with nodes, on a clock that the test advances, and the evaluation of one rule over it. */
final class Evaluations {

    static final long TTL_MILLIS = 86_400_000;

    final ManualTicker ticker = new ManualTicker(Instant.parse("2026-11-22T12:00:10Z"));
    final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final MetricsWindowTracker tracker = new MetricsWindowTracker();
    private final List<NodeChange> changes = new ArrayList<>();
    private final Rule rule;
    private final RuleEvaluator evaluator;
    OutlierReport outliers = OutlierReport.NONE;
    private long seq;

    Evaluations(String condition) {
        rule = AlertConfig.parse(Path.of("alerts"), "rule r " + condition)
                .rules()
                .get(0);
        evaluator = RuleEvaluator.forRule(rule);
    }

    Evaluations loaded() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
        return this;
    }

    void beat(String name, long window, long clients) {
        beat(name, window, clients, false, Map.of());
    }

    void beat(String name, long window, long clients, boolean draining, Map<String, String> labels) {
        beat(
                window,
                NodeSnapshot.builder("uid-" + name, name)
                        .set(Field.NUM_CLIENTS, clients)
                        .build(),
                new NodeStatus("host", 5_000, draining, null, labels, QualityFlags.NONE),
                WindowDetail.NONE);
    }

    /** A beat of a node with a number of API requests, and the histogram of their durations; null if it has none. */
    void beatWithRequests(String name, long window, long requests, Quality quality, @Nullable DurationHistogram times) {
        beat(
                window,
                NodeSnapshot.builder("uid-" + name, name)
                        .set(Field.NUM_API_REQUESTS, requests)
                        .build(),
                new NodeStatus(
                        "host",
                        5_000,
                        false,
                        null,
                        Map.of(),
                        QualityFlags.ofWireNames(Map.of(Field.NUM_API_REQUESTS.wireName(), quality))),
                new WindowDetail(times == null ? null : times.encoded(), null, null, null));
    }

    private void beat(long window, NodeSnapshot snapshot, NodeStatus status, WindowDetail detail) {
        long start = window * 60_000;
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot)
                        .seq(++seq)
                        .ttlMillis(TTL_MILLIS)
                        .metricsIntervalSeconds(60)
                        .window(new MetricsWindow(start, start + 60_000))
                        .status(status)
                        .detail(detail)
                        .build(),
                TTL_MILLIS));
    }

    /** Removes a node from the view with a membership event, which the next evaluation reads. */
    void remove(String name, Kind kind) {
        KnownNode node = view.find("uid-" + name).orElseThrow();
        view.evict(node);
        changes.add(new NodeChange(view.version(), kind, node));
    }

    void joins(String name) {
        beat(name, 1, 1);
        changes.add(new NodeChange(
                view.version(), Kind.JOINED, view.find("uid-" + name).orElseThrow()));
    }

    /** Evaluates the rule after some time, and returns its violations. */
    Map<String, Violation> after(Duration time) {
        ticker.advance(time);
        evaluator.evaluate(new EvaluationContext(
                view.nodeList(),
                List.copyOf(changes),
                tracker,
                view,
                () -> ClusterTotals.of(view.nodeList()),
                outliers,
                ticker.getAsLong(),
                ticker.instant()));
        changes.clear();
        return evaluator.violationsByUid();
    }

    Map<String, Violation> afterAWindow() {
        return after(Duration.ofSeconds(60));
    }

    Map<String, Violation> now() {
        return after(Duration.ZERO);
    }

    /** {@return why an alert of a node without a violation is resolved; null if it keeps firing} */
    String reasonToResolve(String name) {
        return evaluator.reasonToResolve(alert(name));
    }

    Alert alert(String name) {
        return Alert.firing(
                "id", rule, new Violation(name.isEmpty() ? "" : "uid-" + name, name, 0, "text"), ticker.instant());
    }

    Map<String, Violation> violations() {
        return evaluator.violationsByUid();
    }
}
