// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.sketch.DurationHistogram;
import io.tacho.store.WindowUpload;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedUploadsTest {

    private static final long MINUTE = 60_000;
    private static final Duration HISTORY = Duration.ofDays(1);

    private final SimulatedUploads uploads = new SimulatedUploads(10 * MINUTE);

    private static SnapshotEnvelope beat(long window, long requests, long mean, long longest) {
        return SnapshotEnvelope.builder(NodeSnapshot.builder("u", "n")
                        .set(Field.NUM_API_REQUESTS, requests)
                        .set(Field.TIME_API_MEAN, mean)
                        .set(Field.TIME_API_MAX, longest)
                        .build())
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .window(new MetricsWindow(window * MINUTE, (window + 1) * MINUTE))
                .build();
    }

    private WindowUpload next(long window) {
        return uploads.next(beat(window, 10, 1_000, 5_000), HISTORY);
    }

    @Test
    void windowBeforeTheNodeStarted_isNotUploaded() {
        assertThat(next(9)).isNull();
        assertThat(next(10).lastNumber()).isEqualTo(11 * MINUTE);
    }

    @Test
    void uploadInFlight_noFurtherUploadStarts() {
        next(10);
        assertThat(next(11)).isNull();
        uploads.acknowledged(11 * MINUTE);

        assertThat(next(10)).as("acknowledged").isNull();
        assertThat(next(11)).isNotNull();
    }

    @Test
    void failedUpload_isRetried() {
        WindowUpload first = next(10);
        uploads.acknowledged(null);

        assertThat(next(10).lastNumber()).isEqualTo(first.lastNumber());
    }

    @Test
    void mark_advancedByAnother_isAccepted() {
        next(10);
        uploads.acknowledged(20 * MINUTE);

        assertThat(next(19)).isNull();
        assertThat(next(20)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "1, 1000, 1000", "2, 1000, 9007199254740991", "1000, 5000000, 30000000", "100000, 3000, 6000"
    })
    void histogram_hasCountSumAndMaximum(long requests, long mean, long longest) {
        DurationHistogram times = uploads.next(beat(10, requests, mean, longest), HISTORY)
                .windows()
                .get(0)
                .window()
                .detail()
                .timeApi()
                .decodeIfReadable()
                .orElseThrow();

        assertThat(times.count()).isEqualTo(requests);
        assertThat(times.sum()).isEqualTo(mean * requests);
    }

    @Test
    void histogram_noRequests_isAbsent() {
        assertThat(uploads.next(beat(10, 0, 0, 0), HISTORY)
                        .windows()
                        .get(0)
                        .window()
                        .detail()
                        .timeApi())
                .isNull();
    }
}
