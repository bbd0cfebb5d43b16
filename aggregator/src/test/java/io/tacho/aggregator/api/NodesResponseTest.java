// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.store.ClusterClock;
import io.tacho.store.memory.InMemoryStore;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodesResponseTest {

    private static final long DEPARTED = 1_795_368_100_000L;

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final Map<String, MembershipChange> departures = new LinkedHashMap<>();
    private final NodesResponse nodes =
            new NodesResponse(view, () -> departures, () -> OutlierReport.NONE, uid -> 0, ticker);

    @BeforeEach
    void addNodes() {
        view.onLoaded(Snapshots.stored("here", 1));
        depart(MembershipEvent.LEFT, "gone");
        depart(MembershipEvent.LOST, "dead");
        depart(MembershipEvent.LOST, "here");
    }

    private void depart(MembershipEvent event, String uid) {
        departures.put(uid, new MembershipChange(event, DEPARTED, Snapshots.detailed(uid, 7)));
    }

    private static JsonNode json(byte[] body) throws IOException {
        return new ObjectMapper().readTree(body);
    }

    private JsonNode list(String query) throws IOException {
        return json(nodes.list(QueryParameters.parse(query)));
    }

    @Test
    void departedNodes_areListed_onlyIfTheirStateIsRequested() throws IOException {
        assertThat(list("").at("/nodes").findValuesAsText("uid")).containsExactly("here");
        assertThat(list("state=lost").at("/nodes").findValuesAsText("uid")).containsExactly("dead");
        assertThat(list("state=live,left,lost").at("/nodes").findValuesAsText("uid"))
                .containsExactly("here", "gone", "dead");
        assertThat(list("state=live,left,lost").path("total").asInt()).isEqualTo(3);
        assertThat(list("state=left,lost&name=*dead&limit=1").at("/nodes").findValuesAsText("uid"))
                .containsExactly("dead");
        assertThat(list("state=lost&label=zone=b").path("total").asInt()).isZero();
    }

    @Test
    void unknownState_isRejected_withTheKnownStates() {
        assertThatThrownBy(() -> list("state=lost,dead"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "state: 'dead' (expected: live, draining, stale, left, lost, restarted, or several separated"
                                + " by commas)");
    }

    @Test
    void departedNode_hasStateTimeAndLastBeat() throws IOException {
        JsonNode dead = json(nodes.one("dead"));

        assertThat(dead.path("state").asText()).isEqualTo("lost");
        assertThat(dead.path("departed_ms").asLong()).isEqualTo(DEPARTED);
        assertThat(dead.has("age_ms")).isFalse();
        assertThat(dead.path("host").asText()).isEqualTo("host-1");
        assertThat(dead.path("version").asText()).isEqualTo("6.2.0");
        assertThat(dead.at("/labels/zone").asText()).isEqualTo("a");
        assertThat(dead.at("/quality/num_msg_queued").asText()).isEqualTo("bound");
        assertThat(dead.at("/window/end_ms").asLong()).isEqualTo(1_795_368_060_000L);
        assertThat(dead.path("metrics_interval").asInt()).isEqualTo(60);
        assertThat(dead.path("stats")).hasSize(22);
        assertThat(dead.path("extras").isMissingNode()).isTrue();
    }

    @Test
    void returnedNode_isTakenFromTheView() throws IOException {
        assertThat(json(nodes.one("here")).path("state").asText()).isEqualTo("live");
        assertThat(nodes.one("unknown")).isNull();
    }

    @Test
    void seriesOfADepartedNode_withoutReceivedWindows_hasTheWindowOfItsLastBeat() throws IOException {
        NodeSeries series = new HistoryService(
                        new InMemoryStore().history(), view, ticker, new ClusterClock(ticker, ticker), ticker)
                .nodeSeries();
        NodeSeriesResponse response = new NodeSeriesResponse(series, view, () -> departures);

        JsonNode dead = json(response.one("dead"));

        assertThat(dead.at("/end_ms")).hasSize(1);
        assertThat(dead.at("/end_ms/0").asLong()).isEqualTo(1_795_368_060_000L);
        assertThat(dead.at("/fields/num_clients/0").asInt()).isPositive();
        assertThat(json(response.one("here")).path("end_ms")).isEmpty();
        assertThat(response.one("unknown")).isNull();
    }
}
