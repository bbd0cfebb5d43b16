// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.aggregator.history.Clusters.EPOCH;
import static io.tacho.aggregator.history.Clusters.minute;
import static io.tacho.aggregator.history.Clusters.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.WindowDetail;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterHistoryTest {

    private final ClusterHistory history = new ClusterHistory();

    @Test
    void windows_areBounded_theEldestGo() {
        history.put(IntStream.range(0, ClusterHistory.MAX_WINDOWS + 10)
                .mapToObj(i -> minute(i, 1))
                .toList());

        assertThat(history.size()).isEqualTo(ClusterHistory.MAX_WINDOWS);
        assertThat(history.holds(1_000 * EPOCH, 60)).isFalse();
        assertThat(history.holds(1_000 * (EPOCH + 600), 60)).isTrue();
    }

    @Test
    void memory_isBounded_theEldestGo_inWhicheverOrderTheyCame() {
        String longest = "A".repeat(WindowDetail.MAX_LENGTH);
        WindowDetail detail = new WindowDetail(longest, longest, longest, longest);
        IntStream.range(0, 1_000)
                .map(i -> 999 - i)
                .forEach(i -> history.put(List.of(window(60, EPOCH + 60 * i, 1, 1, detail))));

        assertThat(history.bytes()).isBetween(ClusterHistory.MAX_BYTES - 200_000L, (long) ClusterHistory.MAX_BYTES);
        assertThat(history.holds(1_000 * (EPOCH + 60 * 999), 60)).isTrue();
        assertThat(history.holds(1_000 * EPOCH, 60)).isFalse();
    }

    @Test
    void replaced_windowsThatAreNotThereAnyMoreAreForgotten() {
        history.put(List.of(minute(0, 1), minute(1, 1), minute(2, 1)));
        long revision = history.between(1_000 * (EPOCH + 60), 1_000 * (EPOCH + 61))
                .get(0)
                .revision();

        history.replace(List.of(minute(1, 1), minute(2, 9)));

        assertThat(history.size()).isEqualTo(2);
        List<ClusterHistory.Kept> kept = history.between(0, Long.MAX_VALUE);
        assertThat(kept.get(0).revision()).isEqualTo(revision);
        assertThat(kept.get(1).window().sums().numMsgPublished()).isEqualTo(9);
        history.replace(List.of());
        assertThat(history.bytes()).isZero();
    }
}
