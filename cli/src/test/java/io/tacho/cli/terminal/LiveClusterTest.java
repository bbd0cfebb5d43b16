// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.cli.terminal.LiveCluster.Snapshot;
import io.tacho.cli.terminal.Node.State;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveClusterTest {

    private final ManualTicker ticker = new ManualTicker();
    private final LiveCluster cluster = new LiveCluster(ticker);

    @BeforeEach
    void twoNodes() {
        cluster.opened();
        cluster.event("reset", Nodes.status(true));
        cluster.event("snapshot", Nodes.beat("a", 1));
        assertThat(cluster.snapshot().synced()).isFalse();
        cluster.event("snapshot", Nodes.beat("b", 2));
        cluster.event("synced", Nodes.status(true));
    }

    private State state(String name) {
        return cluster.snapshot().nodes().stream()
                .filter(node -> node.name().equals(name))
                .map(Node::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void lost_isListedForFiveMinutes() {
        cluster.event("lost", Nodes.beat("b", 2));

        assertThat(state("b")).isEqualTo(State.LOST);
        assertThat(cluster.snapshot().present()).extracting(Node::name).containsExactly("a");

        ticker.advance(Duration.ofMinutes(5));
        assertThat(state("b")).isEqualTo(State.LOST);

        ticker.advance(Duration.ofNanos(1));
        assertThat(cluster.snapshot().nodes()).extracting(Node::name).containsExactly("a");
    }

    @Test
    void departed_beforeTheStart_isShownForTheRestOfFiveMinutes() throws IOException {
        JsonNode membership = new ObjectMapper().readTree("""
                {"changes":[
                  {"time":1000000,"change":"joined","uid":"uid-a","name":"a"},
                  {"time":940000,"change":"lost","uid":"uid-c","name":"c","node":{"uid":"uid-c","name":"c"}},
                  {"time":930000,"change":"joined","uid":"uid-c","name":"c"},
                  {"time":900000,"change":"left","uid":"uid-a","name":"a","node":{"uid":"uid-a","name":"a"}},
                  {"time":600000,"change":"lost","uid":"uid-d","name":"d","node":{"uid":"uid-d","name":"d"}}]}""");

        cluster.addDeparted(membership, 1_000_000);

        assertThat(state("c")).isEqualTo(State.LOST);
        assertThat(state("a")).isEqualTo(State.LIVE);
        assertThat(cluster.snapshot().nodes()).extracting(Node::name).containsExactlyInAnyOrder("a", "b", "c");

        ticker.advance(Duration.ofSeconds(241));
        assertThat(cluster.snapshot().nodes()).extracting(Node::name).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void lost_nodeReturns_isLive() {
        cluster.event("lost", Nodes.beat("b", 2));
        cluster.event("joined", Nodes.beat("b", 3));

        assertThat(state("b")).isEqualTo(State.LIVE);
    }

    @Test
    void reset_nodesNotReceived_haveLeft() {
        cluster.event("reset", Nodes.status(true));
        cluster.event("snapshot", Nodes.beat("a", 1));
        cluster.event("synced", Nodes.status(true));

        assertThat(state("a")).isEqualTo(State.LIVE);
        assertThat(state("b")).isEqualTo(State.LEFT);
    }

    @Test
    void silentNode_staleAggregator_isStale() {
        cluster.event("stale", Nodes.status(false));
        ticker.advance(Duration.ofSeconds(20));

        Snapshot snapshot = cluster.snapshot();
        assertThat(state("a")).isEqualTo(State.STALE);
        assertThat(snapshot.staleMillis()).isEqualTo(27_000);

        cluster.event("fresh", Nodes.status(true));
        assertThat(state("a")).isEqualTo(State.LIVE);
        assertThat(cluster.snapshot().staleMillis()).isZero();
    }

    @Test
    void silentNode_partitionDisconnected_isStale() {
        cluster.event("stale", Nodes.partialStatus(3, 8));
        ticker.advance(Duration.ofSeconds(20));

        assertThat(state("a")).isEqualTo(State.STALE);
        assertThat(cluster.snapshot().staleMillis()).isEqualTo(27_000);
        assertThat(cluster.snapshot().partitions()).isEqualTo(new LiveCluster.Partitions(8, 3));

        cluster.event("fresh", Nodes.partialStatus(0, 8));
        assertThat(cluster.snapshot().staleMillis()).isZero();
    }

    @Test
    void unknownEvent_isIgnored() {
        cluster.event("of-tomorrow", Nodes.status(true));

        assertThat(cluster.snapshot().nodes()).hasSize(2);
    }
}
