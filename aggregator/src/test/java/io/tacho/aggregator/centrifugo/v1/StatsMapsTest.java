// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static io.tacho.testing.Snapshots.detailed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatsMapsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final StatsMaps maps =
            new StatsMaps(view, () -> Instant.ofEpochSecond(1_795_367_843 + 77), Runnable::run, ticker);

    private String body() {
        return new String(maps.body().toCompletableFuture().join(), UTF_8);
    }

    @Test
    void body_ofAnEmptyCluster() {
        assertThat(body()).isEqualTo("{\"data\":{\"nodes\":[],\"metrics_interval\":60}}");
    }

    @Test
    void body_hasTheNumbersThatTheNodeReports() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));

        assertThat(body())
                .isEqualTo("{\"data\":{\"nodes\":[{\"uid\":\"u1\",\"name\":\"name-u1\",\"started_at\":1795367843,"
                        + "\"metrics\":{\"client_api_1_count\":14,"
                        + "\"client_api_1_microseconds_max\":0,\"client_api_1_microseconds_mean\":0,"
                        + "\"client_api_num_requests\":14,"
                        // bytes_client_in is unavailable
                        + "\"client_bytes_out\":16,\"client_num_msg_queued\":11,\"client_num_msg_sent\":12,"
                        + "\"http_api_1_count\":13,\"http_api_1_microseconds_max\":0,"
                        + "\"http_api_1_microseconds_mean\":0,\"http_api_num_requests\":13,"
                        + "\"node_cpu_usage\":22,\"node_memory_sys\":21,\"node_num_channels\":6,"
                        + "\"node_num_client_msg_published\":10,\"node_num_clients\":4,\"node_num_goroutine\":3,"
                        + "\"node_num_unique_clients\":5,\"node_uptime_seconds\":77}}],\"metrics_interval\":60}}");
    }

    @Test
    void body_hasPercentilesAndConnectsIfTheNodeReportsThem() {
        SnapshotEnvelope beat = detailed("u1", 1);
        long[] counts = new long[HistogramBuckets.COUNT];
        counts[HistogramBuckets.indexOf(1_500_000)] = 100;
        DurationHistogram times = DurationHistogram.of(counts, 150_000_000, 1_500_000);
        Extras extras = new Extras(Map.of("connects", Extra.counter(8, 20)));
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(beat.snapshot())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(beat.status())
                        .detail(new WindowDetail(times.encoded(), null, null, null, extras))
                        .build(),
                15_000));

        assertThat(body())
                .contains("\"client_num_connect\":8,")
                .contains("\"http_api_1_microseconds_50%ile\":1499,")
                .doesNotContain("client_api_1_microseconds_50")
                .contains("\"http_api_1_microseconds_99.99%ile\":1500,");
    }
}
