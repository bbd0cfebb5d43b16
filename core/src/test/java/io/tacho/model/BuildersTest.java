// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.ClusterWindow.Spread;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildersTest {

    private static final WindowSlot SLOT = new WindowSlot(60, 120_000);

    @Test
    void totals_eachFieldKeepsItsValue() {
        NodeTotals totals = NodeTotals.of(total -> 100 + TotalField.ALL.indexOf(total));

        for (int i = 0; i < TotalField.ALL.size(); i++) {
            assertThat(TotalField.ALL.get(i).of(totals)).isEqualTo(100 + i);
        }
    }

    @Test
    void totals_durationsHave64Bits() {
        NodeTotals longest = NodeTotals.of(total -> total.isDuration() ? Long.MAX_VALUE : 0);

        assertThat(longest.timeApiSum()).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> NodeTotals.of(total -> NodeSnapshot.MAX_VALUE + 1))
                .hasMessage("totals.num_msg_published: 9007199254740992 (expected: 0 to 9007199254740991)");
        assertThatThrownBy(() -> NodeTotals.of(total -> total.isDuration() ? -1 : 0))
                .hasMessage("totals.time_api_sum: -1 (expected: 0 to 9223372036854775807)");
    }

    @Test
    void gauges_eachFieldKeepsItsValue() {
        WindowGauges gauges = WindowGauges.of(gauge -> 10 + WindowGauges.FIELDS.indexOf(gauge));

        for (int i = 0; i < WindowGauges.FIELDS.size(); i++) {
            assertThat(gauges.number(WindowGauges.FIELDS.get(i))).isEqualTo(10 + i);
        }
        assertThatThrownBy(() -> gauges.number(Field.NUM_MSG_SENT)).hasMessage("num_msg_sent (expected: a gauge)");
    }

    @Test
    void clusterWindow_builderRoundTrips() {
        ClusterWindow window = ClusterWindow.builder(SLOT)
                .nodeWindows(2)
                .sums(NodeTotals.of(total -> 3))
                .gauges(WindowGauges.of(gauge -> 4))
                .longest(5, 6)
                .largestNode(7, 8)
                .unionNodes(9, 10)
                .bridgedWindows(11)
                .extras(new Extras.Merged(Map.of("n", Extra.gauge(12)), 13))
                .spreads(Map.of(Field.NUM_CLIENTS, new Spread(14, 15)))
                .build();

        assertThat(window.toBuilder().build()).isEqualTo(window);
        assertThat(window)
                .isEqualTo(new ClusterWindow(
                        SLOT,
                        2,
                        window.sums(),
                        window.gauges(),
                        5,
                        6,
                        7,
                        8,
                        WindowDetail.NONE,
                        9,
                        10,
                        11,
                        new Extras.Merged(Map.of("n", Extra.gauge(12)), 13),
                        Map.of(Field.NUM_CLIENTS, new Spread(14, 15))));
        assertThatThrownBy(() -> ClusterWindow.builder(SLOT).longest(0, -1).build())
                .hasMessage("time_client_max: -1 (expected: 0 to 9007199254740991)");
    }

    @Test
    void slot_containsMidpointOfWindow() {
        assertThat(WindowSlot.of(60, new MetricsWindow(90_001, 150_001))).isEqualTo(SLOT);
        assertThat(WindowSlot.of(60, new MetricsWindow(89_000, 150_000))).isEqualTo(new WindowSlot(60, 60_000));
        assertThat(SLOT.endMillis()).isEqualTo(180_000);
    }

    @Test
    void slot_startsAtMultipleOfItsLength() {
        assertThatThrownBy(() -> new WindowSlot(60, 1_000)).hasMessage("start_ms: 1000 (expected: a multiple of 60 s)");
        assertThatThrownBy(() -> new WindowSlot(0, 0)).hasMessage("interval: 0 (expected: 1 to 86400)");
    }

    @Test
    void slot_firstAtOrAfterTime() {
        assertThat(WindowSlot.firstFrom(-5)).isEqualTo(new WindowSlot(1, 0));
        assertThat(WindowSlot.firstFrom(119_001)).isLessThanOrEqualTo(SLOT).isEqualTo(new WindowSlot(1, 120_000));
        assertThat(WindowSlot.firstFrom(120_001)).isGreaterThan(SLOT);
        assertThat(WindowSlot.firstFrom(Long.MAX_VALUE)).isGreaterThan(SLOT);
    }
}
