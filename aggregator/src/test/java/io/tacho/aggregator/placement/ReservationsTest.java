// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.KnownNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationsTest {

    private final Nodes nodes = new Nodes();
    private final Reservations reservations = new Reservations();

    private KnownNode node(String uid) {
        return nodes.view.find(uid).orElseThrow();
    }

    @Test
    void reservations_areCountedPerNode() {
        nodes.beat("a", 1, 0);
        nodes.beat("b", 1, 0);
        reservations.add(node("a"));
        reservations.add(node("a"));
        reservations.add(node("b"));

        assertThat(reservations.of(node("a"))).isEqualTo(2);
        assertThat(reservations.of(node("b"))).isEqualTo(1);
    }

    @Test
    void nextBeat_removesReservations() {
        nodes.beat("a", 1, 0);
        reservations.add(node("a"));
        nodes.beat("a", 2, 0);
        assertThat(reservations.of(node("a"))).isZero();

        reservations.add(node("a"));

        assertThat(reservations.of(node("a"))).isEqualTo(1);
    }

    @Test
    void fewDepartedNodes_areRetained() {
        nodes.beat("a", 1, 0);
        reservations.add(node("a"));
        reservations.limit(List.of());

        assertThat(reservations.of(node("a"))).isEqualTo(1);
    }

    @Test
    void manyDepartedNodes_areRemoved_presentNodesAreRetained() {
        nodes.beat("a", 1, 0);
        reservations.add(node("a"));
        KnownNode first = null;
        for (int i = 0; i < 1_001; i++) {
            nodes.beat("n" + i, 1, 0);
            KnownNode former = node("n" + i);
            reservations.add(former);
            nodes.view.evict(former);
            first = first == null ? former : first;
        }
        reservations.limit(nodes.view.nodeList().nodes());

        assertThat(reservations.of(node("a"))).isEqualTo(1);
        assertThat(reservations.of(first)).isZero();
    }
}
