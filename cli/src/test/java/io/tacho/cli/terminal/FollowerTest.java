// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tacho.cli.client.MemoryApi;
import io.tacho.model.Field;
import io.tacho.testing.ManualTicker;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowerTest {

    private static final Column CLIENTS = Column.of(Field.NUM_CLIENTS);

    private final MemoryApi api = new MemoryApi();
    private final LiveCluster cluster = new LiveCluster(new ManualTicker());
    private final Follower follower = new Follower(api.client(), cluster);

    @BeforeEach
    void responses() {
        api.on("/cluster", "{\"identity\":{\"cluster\":\"prod\"},\"numbers\":{\"num_clients\":42}}")
                .on("/alerts", "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"severity\":\"critical\"}}]}")
                .on("/node?uid=u+1%2F%C3%A4", "{\"version\":\"1.2\"}");
    }

    @Test
    void totals_areLoadedFromTheAggregator() {
        follower.totals();

        LiveCluster.Snapshot snapshot = cluster.snapshot();
        assertThat(snapshot.totals()).isNotNull();
        assertThat(snapshot.totals().value(CLIENTS)).isEqualTo(42);
        assertThat(snapshot.status().name()).isEqualTo("prod");
        assertThat(snapshot.status().alerts()).isEqualTo(1);
        assertThat(snapshot.status().isCritical()).isTrue();
        assertThat(snapshot.detail()).isNull();
        assertThat(api.requests()).containsExactly("GET /cluster", "GET /alerts");
    }

    @Test
    void totals_withoutAResponse_areComputedFromTheNodes() {
        follower.totals();
        api.down("/alerts");

        follower.totals();

        assertThat(cluster.snapshot().totals()).isNull();
        assertThat(cluster.snapshot().status()).isEqualTo(ClusterStatus.UNKNOWN);
        assertThat(follower.trouble()).as("reported by the stream of events").isNull();
        assertThatCode(follower::check).doesNotThrowAnyException();
    }

    @Test
    void detail_isLoadedWithTheTotalsUntilAnotherNodeIsSelected() {
        follower.detail("u 1/ä");
        follower.totals();
        assertThat(cluster.snapshot().detail().path("version").asText()).isEqualTo("1.2");

        follower.detail("u 1/ä");
        assertThat(cluster.snapshot().detail()).as("the same node").isNotNull();

        follower.detail(null);
        assertThat(cluster.snapshot().detail()).isNull();
        follower.totals();
        assertThat(cluster.snapshot().detail()).isNull();
    }

    @Test
    void failureMessage_withoutText_isTheExceptionType() {
        assertThat(Follower.message(new IOException("no route"))).isEqualTo("no route");
        assertThat(Follower.message(new EOFException())).isEqualTo("EOFException");
    }
}
