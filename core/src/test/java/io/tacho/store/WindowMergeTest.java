// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.histogram;
import static io.tacho.testing.Windows.minute;
import static io.tacho.testing.Windows.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.RandomWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowMergeTest {

    private static final long MAX = NodeSnapshot.MAX_VALUE;

    private static ClusterWindow ofNode(NodeWindow window) {
        return WindowMerge.ofNode(new WindowUpload.Numbered(1, window));
    }

    @Test
    void ofNode_gaugesOfShortWindow_areWeightedByDuration() {
        ClusterWindow quarter = ofNode(window(SLOT, SLOT + 15_000, 100));

        assertThat(quarter.gauges().numClients()).isEqualTo(275);
        assertThat(quarter.sums().numMsgPublished()).isEqualTo(100);
        assertThat(quarter.spreads()).isEmpty();
    }

    @Test
    void ofNode_invalidAndEmptyValues_areLeftOut() {
        Encoded<HyperLogLog> ids = HyperLogLog.of(List.of("a")).encoded();
        ClusterWindow window = ofNode(minute(SLOT, 1)
                .withDetail(new WindowDetail(
                        DurationHistogram.EMPTY.encoded(),
                        Encoded.histogram(new byte[] {7}),
                        Encoded.hyperLogLog(new byte[] {7}),
                        ids))
                .withExtras(new Extras(Map.of("idle", Extra.timer(DurationHistogram.EMPTY)))));

        assertThat(window.detail()).isEqualTo(new WindowDetail(null, null, null, ids));
        assertThat(window.usersNodes()).isZero();
        assertThat(window.channelsNodes()).isEqualTo(1);
        assertThat(window.extras()).isEqualTo(Extras.Merged.NONE);
    }

    @Test
    void merge_countsAndNanoseconds_saturate() {
        NodeTotals large = new NodeTotals(MAX, MAX - 1, 1, 0, 0, 0, 0, Long.MAX_VALUE, 1L << 60);
        ClusterWindow full = ofNode(minute(SLOT, 1).withSums(large)).toBuilder()
                .nodeWindows(MAX)
                .spreads(Map.of(Field.NUM_CLIENTS, new Spread(5, Long.MAX_VALUE)))
                .build();

        ClusterWindow merged = WindowMerge.merge(List.of(full, full));

        assertThat(merged.sums()).isEqualTo(new NodeTotals(MAX, MAX, 2, 0, 0, 0, 0, Long.MAX_VALUE, 1L << 61));
        assertThat(merged.nodeWindows()).isEqualTo(MAX);
        assertThat(merged.spreads()).containsEntry(Field.NUM_CLIENTS, new Spread(5, Long.MAX_VALUE));
    }

    @Test
    void merge_isAssociative() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            List<ClusterWindow> windows = new ArrayList<>();
            for (int node = 0; node < 2 + random.nextInt(6); node++) {
                windows.add(ofNode(RandomWindows.next(random, SLOT)));
            }
            ClusterWindow all = WindowMerge.merge(windows);
            int first = 1 + random.nextInt(windows.size());

            List<ClusterWindow> rest = new ArrayList<>(windows.subList(first, windows.size()));
            rest.add(0, WindowMerge.merge(windows.subList(0, first)));

            assertThat(WindowMerge.merge(rest)).as("round %d", round).isEqualTo(all);
        }
    }

    @Test
    void merge_lastExtra_isThatOfLastWindow() {
        List<ClusterWindow> windows = new ArrayList<>();
        for (long value : List.of(9L, 3L, 5L)) {
            windows.add(ofNode(minute(SLOT, 1)
                    .withExtras(new Extras(Map.of("config", Extra.gauge(Extra.LAST, value))))));
        }

        assertThat(WindowMerge.merge(windows).extras().byName()).containsEntry("config", Extra.gauge(Extra.LAST, 5));
    }

    @Test
    void merge_extrasAboveSize_areLeftOut_containedOnesAreMerged() {
        List<ClusterWindow> windows = new ArrayList<>();
        for (int node = 0; node < 8; node++) {
            Map<String, Extra> extras = new java.util.HashMap<>();
            for (int i = 0; i < Extras.MAX_EXTRAS - 1; i++) {
                extras.put("clients{name=\"node-%d-%d\"}".formatted(node, i), Extra.gauge(1));
            }
            extras.put("ping", Extra.timer(histogram(425L * (node + 1))));
            windows.add(ofNode(minute(SLOT, 1).withExtras(new Extras(extras))));
        }

        Extras.Merged extras = WindowMerge.merge(windows).extras();

        assertThat(extras.byName().size()).isBetween(200, 256);
        assertThat(extras.leftOut())
                .isEqualTo(8L * (Extras.MAX_EXTRAS - 1) + 1 - extras.byName().size());
        assertThat(extras.byName().get("ping").durations().decode().count()).isEqualTo(8);
    }
}
