// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurplusServiceTest {

    private final Nodes nodes = new Nodes();
    private final SurplusService service = new SurplusService(nodes.view, nodes.ticker);

    private long surplus(String uid) {
        nodes.ticker.advance(Duration.ofSeconds(1));
        return service.of(uid);
    }

    @Test
    void equalCapacities_shareEqually() {
        nodes.beat("a", 600, 1_000);
        nodes.beat("b", 600, 1_000);
        nodes.beat("c", 0, 1_000);

        assertThat(surplus("a")).isEqualTo(200);
        assertThat(surplus("b")).isEqualTo(200);
        assertThat(surplus("c")).isZero();
        assertThat(surplus("unknown")).isZero();
    }

    @Test
    void capacities_weightTheShares() {
        nodes.beat("large", 300, 3_000);
        nodes.beat("small", 100, 1_000);
        assertThat(surplus("large")).isZero();

        nodes.beat("small", 500, 1_000);

        assertThat(surplus("small")).isEqualTo(300);
        assertThat(surplus("large")).isZero();
    }

    @Test
    void withoutCapacities_partsAreEqual() {
        nodes.beat("a", 150, 0);
        nodes.beat("b", 50, 1_000);

        assertThat(surplus("a")).isEqualTo(50);
    }

    @Test
    void surplus_hasHysteresis() {
        nodes.beat("b", 900, 0);
        nodes.beat("a", 1_090, 0);
        assertThat(surplus("a")).isZero();

        nodes.beat("a", 1_110, 0);
        assertThat(surplus("a")).as("1,110 of 1,005: 1.104").isEqualTo(105);
        nodes.beat("a", 1_050, 0);
        nodes.beat("b", 960, 0);
        assertThat(surplus("a")).as("1,050 of 1,005: 1.045").isEqualTo(45);
        nodes.beat("a", 1_015, 0);
        nodes.beat("b", 995, 0);
        assertThat(surplus("a")).as("1,015 of 1,005: 1.01").isZero();
        nodes.beat("a", 1_050, 0);
        nodes.beat("b", 960, 0);
        assertThat(surplus("a")).as("1.045 again").isZero();
    }

    @Test
    void fewConnections_noSurplus() {
        nodes.beat("a", 5, 0);
        nodes.beat("b", 0, 0);

        assertThat(surplus("a")).isZero();
    }

    @Test
    void drainingNode_surplusIsAllItsConnections_othersHaveNone() {
        nodes.beat("a", 300, Nodes.status(true, 1_000, Map.of()));
        nodes.beat("b", 300, 1_000);
        nodes.beat("c", 300, 1_000);

        assertThat(surplus("a")).isEqualTo(300);
        assertThat(surplus("b")).isZero();
    }

    @Test
    void lastNode_drains_surplusIsAllItsConnections() {
        nodes.beat("a", 300, Nodes.status(true, 1_000, Map.of()));

        assertThat(surplus("a")).isEqualTo(300);
    }

    @Test
    void nodesOfAnotherKind_areNotPeers() {
        nodes.beat("a", 1_000, Nodes.status(false, 0, Map.of("kind", "hub")));
        nodes.beat("b", 0, Nodes.status(false, 0, Map.of("kind", "api")));

        assertThat(surplus("a")).isZero();
    }

    @Test
    void redisOutage_surplusIsUnchanged() {
        nodes.beat("a", 600, 1_000);
        nodes.beat("b", 0, 1_000);
        assertThat(surplus("a")).isEqualTo(300);
        nodes.view.subscription().onDisconnected(0);
        nodes.ticker.advance(Duration.ofSeconds(60));

        assertThat(surplus("a")).isEqualTo(300);
    }

    @Test
    void surplus_isComputedAtMostOncePerSecond() {
        nodes.beat("a", 600, 1_000);
        nodes.beat("b", 0, 1_000);
        assertThat(surplus("a")).isEqualTo(300);
        nodes.beat("b", 600, 1_000);

        assertThat(service.of("a")).isEqualTo(300);
        assertThat(surplus("a")).isZero();
    }
}
