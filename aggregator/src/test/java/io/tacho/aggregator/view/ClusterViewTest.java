// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(codec, ticker, 100);

    @Test
    void nodeList_isSortedByNameThenUid() {
        view.onLoaded(stored("u3", "b", 1));
        view.onLoaded(stored("u2", "a", 1));
        view.onLoaded(stored("u1", "b", 1));

        assertThat(uids()).containsExactly("u2", "u1", "u3");
    }

    @Test
    void nodeList_renamedNode_isListedOnceByItsNewName() {
        view.onLoaded(stored("u1", "a", 1));
        view.onLoaded(stored("u2", "b", 1));

        view.onLoaded(stored("u1", "c", 2));

        assertThat(uids()).containsExactly("u2", "u1");
    }

    @Test
    void nodeList_withoutChanges_isTheSameObject() {
        view.onLoaded(stored("u1", 1));
        NodeList before = view.nodeList();
        view.onLoaded(stored("u1", 1));
        assertThat(view.nodeList()).isSameAs(before);

        view.onLoaded(stored("u1", 2));

        assertThat(view.nodeList().version()).isGreaterThan(before.version());
        assertThat(before.nodes().get(0).envelope()).isEqualTo(beat("u1", 1));
    }

    @Test
    void nodeList_metricsInterval_isTheMostCommon() {
        assertThat(view.nodeList().metricsIntervalSeconds()).isEqualTo(60);
        view.onLoaded(new StoredSnapshot(withInterval("u1", 10), 15_000));
        view.onLoaded(new StoredSnapshot(withInterval("u2", 10), 15_000));
        view.onLoaded(new StoredSnapshot(withInterval("u3", 99), 15_000));
        assertThat(view.nodeList().metricsIntervalSeconds()).isEqualTo(10);

        for (String uid : List.of("u1", "u2", "u3")) {
            view.onLeave(leave(uid, 2));
        }

        assertThat(view.nodeList().nodes()).isEmpty();
        assertThat(view.nodeList().metricsIntervalSeconds()).isEqualTo(10);
    }

    @Test
    void loaded_higherSeqWins_inAnyOrder() {
        assertThat(view.onLoaded(stored("u1", "new", 5))).isEqualTo(BeatEffect.JOINED);
        assertThat(view.onLoaded(stored("u1", "late", 4))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.onLoaded(stored("u1", "doubled", 5))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.nodeList().nodes().get(0).name()).isEqualTo("new");

        assertThat(view.onLoaded(stored("u1", "newer", 6))).isEqualTo(BeatEffect.UPDATED);
        assertThat(view.nodeList().nodes().get(0).name()).isEqualTo("newer");
    }

    @Test
    void json_isEncodedOncePerBeat() {
        view.onLoaded(stored("u1", 1));
        byte[] json = view.nodeList().nodes().get(0).json();

        assertThat(json).isEqualTo(codec.encodeNode(beat("u1", 1).snapshot()));
        assertThat(view.find("u1").orElseThrow().json()).isSameAs(json);
        view.renewDeadlines(0);
        assertThat(view.find("u1").orElseThrow().json()).isSameAs(json);
        view.onLoaded(stored("u1", "renamed", 2));
        assertThat(view.find("u1").orElseThrow().json())
                .isEqualTo(
                        codec.encodeNode(stored("u1", "renamed", 2).envelope().snapshot()));
    }

    @Test
    void loaded_fullView_rejectsNewNodesOnly() {
        ClusterView small = new ClusterView(codec, ticker, 2);
        small.onLoaded(stored("u1", 1));
        small.onLoaded(stored("u2", 1));

        assertThat(small.onLoaded(stored("u3", 1))).isEqualTo(BeatEffect.REJECTED);
        assertThat(small.onLoaded(stored("u1", 2))).isEqualTo(BeatEffect.UPDATED);
        small.onLeave(leave("u2", 2));
        assertThat(small.onLoaded(stored("u3", 2))).isEqualTo(BeatEffect.JOINED);
    }

    @Test
    void leave_delayedBeat_isOutdated() {
        view.onLoaded(stored("u1", 5));

        assertThat(view.onLeave(leave("u1", 6))).isPresent();

        assertThat(view.onLoaded(stored("u1", 4))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.onLoaded(stored("u1", 6))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.size()).isZero();
        assertThat(view.onLoaded(stored("u1", 7))).isEqualTo(BeatEffect.JOINED);
    }

    /** After a forged leave message, the node's entry in the store is authoritative. */
    @Test
    void leave_forged_isCorrectedByTheStore() {
        view.onLoaded(stored("u1", 5));
        view.onLeave(leave("u1", 9_000_000_000_000L));
        long left = ticker.getAsLong();
        ticker.advance(Duration.ofMillis(1));

        assertThat(view.onBeat(beat("u1", 6))).as("the store must be read").isEqualTo(BeatEffect.UNKNOWN);
        assertThat(view.onLoadedSince(left, stored("u1", 6)))
                .as("the entry may have been read before the leave message")
                .isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.onLoadedSince(ticker.getAsLong(), stored("u1", 6))).isEqualTo(BeatEffect.JOINED);
        assertThat(view.onBeat(beat("u1", 7))).isEqualTo(BeatEffect.UPDATED);
    }

    @Test
    void nodesToReplace_afterAnOutageOfTheAggregator_isEmpty() {
        view.onLoaded(stored("u1", "chat", 1));
        view.onLoaded(stored("u2", "chat", 1));
        ticker.advance(Duration.ofSeconds(10));

        view.renewDeadlines(0);
        view.onBeat(beat("u1", "chat", 2, 15_000));

        assertThat(view.nodesToReplace()).isEmpty();
    }

    @Test
    void leave_lowerSeq_isIgnored() {
        view.onLoaded(stored("u1", 5));

        assertThat(view.onLeave(leave("u1", 4))).isEmpty();
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void leave_unknownNode_laterEntryWithLowerSeqIsOutdated() {
        assertThat(view.onLeave(leave("u1", 6))).isEmpty();
        assertThat(view.onLoaded(stored("u1", 5))).isEqualTo(BeatEffect.OUTDATED);
    }

    @Test
    void leave_manyNodes_tombstonesAreBounded() {
        for (int i = 0; i < 20_000; i++) {
            view.onLeave(leave("u" + i, 6));
        }

        assertThat(view.onLoaded(stored("u0", 5)))
                .as("the oldest tombstone is evicted")
                .isEqualTo(BeatEffect.JOINED);
        assertThat(view.onLoaded(stored("u19999", 5))).isEqualTo(BeatEffect.OUTDATED);
    }

    @Test
    void suspects_afterTheRemainingTtl() {
        view.onLoaded(new StoredSnapshot(beat("short", 1), 1_000));
        view.onLoaded(new StoredSnapshot(beat("long", 1), 2_000));
        ticker.advance(Duration.ofMillis(1_000));
        assertThat(view.suspects()).isEmpty();

        ticker.advance(Duration.ofMillis(1));
        assertThat(view.suspects()).extracting(KnownNode::uid).containsExactly("short");

        view.onLoaded(new StoredSnapshot(beat("short", 2), 1_000));
        assertThat(view.suspects()).isEmpty();
    }

    @Test
    void suspects_knownBeatStillStored_isNotSuspect() {
        view.onLoaded(new StoredSnapshot(beat("u1", 1), 1_000));
        ticker.advance(Duration.ofSeconds(2));

        view.onLoaded(new StoredSnapshot(beat("u1", 1), 500));

        assertThat(view.suspects()).isEmpty();
    }

    @Test
    void renewDeadlines_everyNodeHasItsFullTtl() {
        view.onLoaded(new StoredSnapshot(beat("short", "short", 1, 1_000), 10));
        view.onLoaded(new StoredSnapshot(beat("long", "long", 1, 60_000), 60_000));
        ticker.advance(Duration.ofSeconds(5));

        view.renewDeadlines(0);

        ticker.advance(Duration.ofMillis(1_000));
        assertThat(view.suspects()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(view.suspects()).extracting(KnownNode::uid).containsExactly("short");
    }

    @Test
    void beat_ofAKnownNode_updatesIt() {
        view.onLoaded(stored("u1", "old", 1));

        assertThat(view.onBeat(beat("u1", "new", 2, 15_000))).isEqualTo(BeatEffect.UPDATED);
        assertThat(view.onBeat(beat("u1", "late", 1, 15_000))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.nodeList().nodes().get(0).name()).isEqualTo("new");
    }

    @Test
    void beat_ofAnUnknownNode_addsNoNode() {
        assertThat(view.onBeat(beat("u1", 1))).isEqualTo(BeatEffect.UNKNOWN);
        assertThat(view.size()).isZero();
    }

    @Test
    void beat_renewsTheDeadline() {
        view.onLoaded(stored("u1", 1));
        ticker.advance(Duration.ofSeconds(14));
        view.onBeat(beat("u1", 2));
        ticker.advance(Duration.ofSeconds(14));

        assertThat(view.suspects()).isEmpty();
    }

    /** Another client sends a beat in the name of the node. */
    @Test
    void beat_forged_isCorrectedOnceTheNodeIsSuspect() {
        view.onLoaded(stored("u1", 1));
        view.onBeat(beat("u1", "forged", 9_000_000_000_000L, 86_400_000));
        assertThat(view.onBeat(beat("u1", 2))).isEqualTo(BeatEffect.OUTDATED);

        ticker.advance(Duration.ofMillis(15_001));
        KnownNode forged = view.suspects().get(0);
        view.confirm(forged, stored("u1", "true", 3));

        assertThat(view.nodeList().nodes()).extracting(KnownNode::name).containsExactly("true");
        assertThat(view.onBeat(beat("u1", 4))).isEqualTo(BeatEffect.UPDATED);
    }

    @Test
    void evict_beatReceivedSinceTheCheck_isIgnored() {
        view.onLoaded(stored("u1", 1));
        KnownNode checked = view.nodeList().nodes().get(0);
        view.onBeat(beat("u1", 2));

        assertThat(view.evict(checked)).isEmpty();
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void evict_nodeIsLost_andMayReturn() {
        view.onLoaded(stored("u1", 2));
        KnownNode checked = view.nodeList().nodes().get(0);

        assertThat(view.evict(checked)).contains(checked);
        assertThat(view.evict(checked)).isEmpty();
        assertThat(view.onLoaded(stored("u1", 2))).isEqualTo(BeatEffect.JOINED);
    }

    @Test
    void nodesToReplace_silentNodeWithSuccessorOnTheSameHost() {
        view.onLoaded(stored("old", "chat", 1));
        ticker.advance(Duration.ofSeconds(6));
        view.onLoaded(stored("new", "chat", 1));
        assertThat(view.nodesToReplace()).as("a beat may be late").isEmpty();

        ticker.advance(Duration.ofSeconds(2));
        assertThat(view.nodesToReplace()).extracting(KnownNode::uid).containsExactly("old");
        assertThat(view.removeReplaced(view.nodesToReplace().get(0))).isPresent();

        assertThat(view.onLoaded(stored("old", "chat", 1)))
                .as("the stored entry is outdated")
                .isEqualTo(BeatEffect.OUTDATED);
        assertThat(view.onLoaded(stored("old", "chat", 2)))
                .as("a newer beat is accepted")
                .isEqualTo(BeatEffect.JOINED);
    }

    @Test
    void nodesToReplace_liveNodeOrAnotherHostOrName_isEmpty() {
        view.onLoaded(stored("u1", "chat", 1));
        view.onLoaded(stored("u2", "chat", 1));
        assertThat(view.nodesToReplace()).isEmpty();
        assertThat(view.nodesByDuplicateName()).containsOnlyKeys("chat");

        view.onLeave(leave("u2", 9));
        assertThat(view.nodesByDuplicateName()).isEmpty();
        ticker.advance(Duration.ofSeconds(8));
        view.onLoaded(stored("u3", "other", 1));
        view.onLoaded(new StoredSnapshot(onAnotherHost("u4", "chat"), 15_000));

        assertThat(view.nodesToReplace()).isEmpty();
    }

    @Test
    void nodesToReplace_ageOfALoadedEntry_isIncluded() {
        view.onLoaded(new StoredSnapshot(beat("old", "chat", 1, 15_000), 5_000));
        view.onLoaded(stored("new", "chat", 1));

        assertThat(view.nodesToReplace()).extracting(KnownNode::uid).containsExactly("old");
    }

    private static SnapshotEnvelope onAnotherHost(String uid, String name) {
        return SnapshotEnvelope.builder(Snapshots.snapshot(uid, name))
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus("host-2", 5_000, false))
                .build();
    }

    private List<String> uids() {
        return view.nodeList().nodes().stream().map(KnownNode::uid).toList();
    }

    private static SnapshotEnvelope withInterval(String uid, long seconds) {
        return SnapshotEnvelope.builder(Snapshots.snapshot(uid, uid))
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(seconds)
                .build();
    }
}
