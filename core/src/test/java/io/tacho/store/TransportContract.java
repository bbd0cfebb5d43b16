// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every transport promises; extended once for each. */
public abstract class TransportContract extends HistoryContract {

    private RecordingListener heard;

    protected abstract SnapshotSource source();

    @Test
    void publish_standsInTheStore() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", 1);
        subscribe();

        get(publisher().publish(beat));

        List<StoredSnapshot> stored = get(source().loadAll());
        assertThat(stored).extracting(StoredSnapshot::envelope).containsExactly(beat);
        assertThat(stored.get(0).remainingMillis()).isBetween(5_000L, Snapshots.TTL_MILLIS);
        assertThat(get(source().load(List.of("u1", "unknown")))).hasSize(1);
        assertThat(get(source().load(List.of("unknown")))).isEmpty();
    }

    @Test
    void publish_isDeliveredToFollowers() throws Exception {
        subscribe();

        get(publisher().publish(Snapshots.beat("u1", 1)));
        get(publisher().publish(Snapshots.beat("u2", 1)));
        get(publisher().publish(Snapshots.beat("u1", 2)));

        // those of one node in their order; another may come by another channel
        await().untilAsserted(() -> assertThat(heard.envelopes)
                .containsExactlyInAnyOrder(Snapshots.beat("u1", 1), Snapshots.beat("u2", 1), Snapshots.beat("u1", 2))
                .containsSubsequence(Snapshots.beat("u1", 1), Snapshots.beat("u1", 2)));
    }

    @Test
    void publish_notAboveTheRegisteredSeqChangesNothing() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", "new", 5, 15_000)));

        get(publisher().publish(Snapshots.beat("u1", "late", 4, 15_000)));
        get(publisher().publish(Snapshots.beat("u1", "doubled", 5, 15_000)));

        assertThat(get(source().load(List.of("u1"))))
                .extracting(stored -> stored.envelope().snapshot().name())
                .containsExactly("new");
        get(publisher().publish(Snapshots.beat("u1", "last", 6, 15_000)));
        await().untilAsserted(() -> assertThat(heard.envelopes)
                .containsExactly(Snapshots.beat("u1", "new", 5, 15_000), Snapshots.beat("u1", "last", 6, 15_000)));
    }

    @Test
    void publish_entryLivesForItsTtl() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("long", "long", 1, 60_000)));
        get(publisher().publish(Snapshots.beat("short", "short", 1, 1_000)));
        assertThat(get(source().loadAll())).hasSize(2);

        elapse(Duration.ofMillis(1_200));

        assertThat(get(source().loadAll()))
                .extracting(stored -> stored.envelope().uid())
                .containsExactly("long");
    }

    @Test
    void publish_anotherBeatRenewsTheTtl() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", "u1", 1, 300)));
        get(publisher().publish(Snapshots.beat("u1", "u1", 2, 60_000)));

        elapse(Duration.ofMillis(400));

        assertThat(get(source().loadAll())).hasSize(1);
    }

    @Test
    void leave_removesTheNodeAndIsDelivered() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 1)));

        get(publisher().leave(Snapshots.leave("u1", 2)));

        assertThat(get(source().loadAll())).isEmpty();
        await().untilAsserted(() ->
                assertThat(heard.envelopes).containsExactly(Snapshots.beat("u1", 1), Snapshots.leave("u1", 2)));
    }

    @Test
    void leave_ofAnEarlierLifeChangesNothing() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 10)));

        get(publisher().leave(Snapshots.leave("u1", 9)));

        assertThat(get(source().loadAll())).hasSize(1);
    }

    @Test
    void loadUnknown_leavesOutWhatIsKnown() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 1)));
        get(publisher().publish(Snapshots.beat("u2", 1)));

        List<SnapshotEnvelope> loaded = new ArrayList<>();
        for (int partition = 0; partition < source().partitions().count(); partition++) {
            int number = partition;
            get(source().loadUnknown(partition, "u1"::equals)).forEach(stored -> {
                assertThat(source().partitions().of(stored.envelope().uid())).isEqualTo(number);
                loaded.add(stored.envelope());
            });
        }
        assertThat(loaded).containsExactly(Snapshots.beat("u2", 1));
    }

    @Test
    void loadAll_emptyStore() throws Exception {
        subscribe();

        assertThat(get(source().loadAll())).isEmpty();
    }

    private void subscribe() {
        heard = new RecordingListener(source().partitions().count());
        source().start(heard);
        await().until(() -> heard.subscribed.get() == 1);
    }
}
