// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.aggregator.history.Clusters.EPOCH;
import static io.tacho.aggregator.history.Clusters.minute;
import static io.tacho.aggregator.history.Clusters.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.WindowDetail;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowCacheTest {

    private final WindowCache history = new WindowCache();

    @Test
    void windows_beyondTheLimit_oldestIsEvicted() {
        history.put(IntStream.range(0, WindowCache.MAX_WINDOWS + 10)
                .mapToObj(i -> minute(i, 1))
                .toList());

        assertThat(history.size()).isEqualTo(WindowCache.MAX_WINDOWS);
        assertThat(history.contains(new WindowSlot(60, 1_000 * EPOCH))).isFalse();
        assertThat(history.contains(new WindowSlot(60, 1_000 * (EPOCH + 600)))).isTrue();
    }

    @Test
    void memory_beyondTheLimit_oldestIsEvictedInAnyInsertionOrder() {
        Encoded<DurationHistogram> times = Encoded.histogram(new byte[WindowDetail.MAX_BYTES]);
        Encoded<HyperLogLog> ids = Encoded.hyperLogLog(new byte[WindowDetail.MAX_BYTES]);
        WindowDetail detail = new WindowDetail(times, times, ids, ids);
        IntStream.range(0, 2_000)
                .map(i -> 1_999 - i)
                .forEach(i -> history.put(List.of(window(60, EPOCH + 60 * i, 1, 1, detail))));

        assertThat(history.bytes()).isBetween(WindowCache.MAX_BYTES - 200_000L, (long) WindowCache.MAX_BYTES);
        assertThat(history.contains(new WindowSlot(60, 1_000 * (EPOCH + 60 * 1_999))))
                .isTrue();
        assertThat(history.contains(new WindowSlot(60, 1_000 * EPOCH))).isFalse();
    }

    @Test
    void replaceAll_missingWindows_areRemoved() {
        history.put(List.of(minute(0, 1), minute(1, 1), minute(2, 1)));
        long revision = history.between(1_000 * (EPOCH + 60), 1_000 * (EPOCH + 61))
                .get(0)
                .revision();

        history.replaceAll(List.of(minute(1, 1), minute(2, 9)));

        assertThat(history.size()).isEqualTo(2);
        List<WindowCache.CachedWindow> cached = history.between(0, Long.MAX_VALUE);
        assertThat(cached.get(0).revision()).isEqualTo(revision);
        assertThat(cached.get(1).window().sums().numMsgPublished()).isEqualTo(9);
        history.replaceAll(List.of());
        assertThat(history.bytes()).isZero();
    }
}
