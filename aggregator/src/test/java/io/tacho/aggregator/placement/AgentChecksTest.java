// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentChecksTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final AgentChecks checks = new AgentChecks(view, ticker);

    private void follow() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    private void add(String uid, String name, long startedAt, long clients, long capacity, boolean draining, long ttl) {
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(NodeSnapshot.builder(uid, name)
                                .set(Field.NUM_CLIENTS, clients)
                                .set(Field.STARTED_AT, startedAt)
                                .build())
                        .seq(1)
                        .ttlMillis(ttl)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus("host-" + uid, 5_000, draining).withCapacity(capacity))
                        .build(),
                ttl));
    }

    private void add(String name, long clients, long capacity) {
        add("uid-" + name, name, 1, clients, capacity, false, 15_000);
    }

    @Test
    void node_isFoundByName() {
        add("a", 100, 1_000);
        add("b", 380, 1_000);
        add("b2", 900, 1_000);
        follow();

        assertThat(checks.respond("a")).isEqualTo("ready up 90%");
        assertThat(checks.respond("b")).isEqualTo("ready up 62%");
        assertThat(checks.respond("b2")).isEqualTo("ready up 10%");
    }

    @Test
    void nodeWithoutCapacity_weightIsUnchanged() {
        add("a", 100, 0);
        follow();

        assertThat(checks.respond("a")).isEqualTo("ready up");
    }

    @Test
    void drainingNode_returnsDrain() {
        add("u1", "a", 1, 100, 1_000, true, 15_000);
        follow();

        assertThat(checks.respond("a")).isEqualTo("drain");
    }

    @Test
    void unknownName_isDown() {
        add("b", 0, 1);
        follow();

        assertThat(checks.respond("a")).isEqualTo("down #no node of this name");
        assertThat(checks.respond("c")).isEqualTo("down #no node of this name");
        assertThat(checks.respond("")).isEqualTo("down #no node of this name");
    }

    @Test
    void beforeTheFirstLoad_responseIsNull() {
        assertThat(checks.respond("a")).isNull();
    }

    @Test
    void redisOutage_responsesAreUnchanged() {
        add("a", 0, 1);
        follow();
        view.subscription().onDisconnected(0);

        assertThat(checks.respond("a")).isNull();
        assertThat(checks.respond("b")).isNull();
    }

    @Test
    void staleNode_responseIsUnchangedUntilEviction() {
        add("a", 0, 1);
        follow();
        ticker.advance(Duration.ofSeconds(16));
        assertThat(checks.respond("a")).isNull();

        view.evict(view.suspects().get(0));

        assertThat(checks.respond("a")).isEqualTo("down #no node of this name");
    }

    @Test
    void duplicateName_mostRecentlyStartedLiveNodeIsUsed() {
        add("u1", "a", 200, 10, 100, false, 1_000);
        add("u2", "a", 100, 20, 100, false, 15_000);
        add("u3", "a", 50, 30, 100, false, 15_000);
        follow();
        assertThat(checks.respond("a")).isEqualTo("ready up 90%");

        ticker.advance(Duration.ofSeconds(2));

        assertThat(checks.respond("a")).isEqualTo("ready up 80%");
    }
}
