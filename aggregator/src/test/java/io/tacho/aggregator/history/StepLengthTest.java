// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowDetail;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The length of steps, and the times at which windows are complete. */
class StepLengthTest {

    private static HistorySpan span(long length, long step) {
        return new HistorySpan(Clusters.EPOCH, Clusters.EPOCH + length, step);
    }

    private static ClusterWindow window(long interval, long nodes) {
        return Clusters.window(interval, Clusters.EPOCH, nodes, 1, WindowDetail.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 60",
        "3600, 60",
        "18000, 60",
        "18001, 120",
        "86400, 300",
        "604800, 3600",
        "2592000, 10800",
        "31536000, 105120"
    })
    void noStep_hasAbout300StepsOfARoundLength(long length, long step) {
        long actual = StepLength.of(span(length, 0), List.of(window(60, 3)));

        assertThat(actual).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "60, 60", "61, 120", "90, 120", "120, 120", "3599, 3600"})
    void step_isRoundedUpToWindows(long step, long expected) {
        assertThat(StepLength.of(span(1_000, step), List.of(window(60, 3)))).isEqualTo(expected);
    }

    @Test
    void withoutWindows_defaultIntervalIsUsed() {
        assertThat(StepLength.of(span(3_600, 0), List.of())).isEqualTo(60);
    }

    @Test
    void longerInterval_thatFitsFourTimes_lengthensTheSteps() {
        List<ClusterWindow> windows = List.of(window(60, 20), window(900, 1));

        assertThat(StepLength.of(span(3_600, 0), windows)).isEqualTo(900);
        assertThat(StepLength.of(span(3_599, 0), windows)).isEqualTo(60);
    }

    @Test
    void mostCommonInterval_isUsedEvenIfItDoesNotFit() {
        assertThat(StepLength.of(span(60, 0), List.of(window(10, 1), window(60, 5))))
                .isEqualTo(60);
    }

    @Test
    void everySpan_hasWholeWindowsAndNotTooManySteps() {
        Random random = new Random(5);
        long[] intervals = {1, 10, 15, 60, 300};
        for (int round = 0; round < 5_000; round++) {
            long interval = intervals[random.nextInt(intervals.length)];
            long length = 1 + random.nextInt(100_000_000);
            long wanted = random.nextBoolean() ? 0 : 1 + length / (1 + random.nextInt(HistorySpan.MAX_STEPS));
            long step = StepLength.of(span(length, wanted), List.of(window(interval, 3)));

            assertThat(step % interval).isZero();
            assertThat(step).isGreaterThanOrEqualTo(wanted);
            if (wanted == 0) {
                assertThat((length - 1) / step).isLessThan(HistorySpan.USUAL_STEPS);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1250", "10, 12500", "20, 25000", "60, 65000", "3600, 3605000"})
    void upload_isSpreadOverAQuarterOfTheWindow_atMostFiveSeconds(long interval, long millis) {
        assertThat(WindowTimes.uploadedMillis(7_000, interval)).isEqualTo(7_000 + millis);
    }

    @Test
    void completeWindow_isReadableTwoSecondsAfterItsUpload() {
        assertThat(WindowTimes.completeMillis(window(60, 1))).isEqualTo(1_000 * Clusters.EPOCH + 67_000);
    }
}
