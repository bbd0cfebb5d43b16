// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewCursorTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100_000);

    private ViewCursor cursor = ViewCursor.START;

    private List<String> membership() {
        ChangeBatch changes = view.membershipChangesAfter(cursor);
        cursor = changes.next();
        return changes.changes().stream()
                .map(change -> change.kind() + " " + change.node().uid())
                .toList();
    }

    private void becomeReady() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    @Test
    void membership_nodesLoadedBeforeReady_haveNotJoined() {
        view.onLoaded(stored("u1", 1));
        assertThat(membership()).isEmpty();
        becomeReady();
        assertThat(membership()).isEmpty();

        view.onLoaded(stored("u2", 1));
        view.onBeat(beat("u2", 2));
        view.onLeave(leave("u1", 2));

        assertThat(membership()).containsExactly("JOINED u2", "LEFT u1");
        assertThat(membership()).isEmpty();
    }

    @Test
    void membership_sinceReady_includesChangesBeforeTheFirstRead() {
        cursor = ViewCursor.SINCE_READY;
        view.onLoaded(stored("u1", 1));
        assertThat(membership()).isEmpty();
        becomeReady();
        view.onLoaded(stored("u2", 1));

        assertThat(membership()).containsExactly("JOINED u2");
        assertThat(membership()).isEmpty();
    }

    @Test
    void membership_whileDisconnected_isReportedAfterwards() {
        becomeReady();
        membership();
        view.subscription().onDisconnected(0);
        view.onLoaded(stored("u1", 1));
        assertThat(membership()).isEmpty();

        becomeReady();

        assertThat(membership()).containsExactly("JOINED u1");
    }

    @Test
    void membership_moreThanRetained_returnsTheLast() {
        becomeReady();
        membership();
        for (int i = 0; i < ChangeLog.MAX_MEMBERSHIP_CHANGES + 10; i++) {
            view.onLoaded(stored("u" + i, 1));
        }

        assertThat(membership()).hasSize(ChangeLog.MAX_MEMBERSHIP_CHANGES).startsWith("JOINED u10");
        assertThat(membership()).isEmpty();
    }

    @Test
    void changes_inBatches_equalAllAtOnce() {
        for (int i = 0; i < 25; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
        List<NodeChange> inPieces = new ArrayList<>();
        ViewCursor position = ViewCursor.START;
        ChangeBatch piece;
        do {
            piece = view.changesAfter(position, 10).orElseThrow();
            inPieces.addAll(piece.changes());
            position = piece.next();
        } while (piece.changes().size() == 10);

        assertThat(inPieces)
                .isEqualTo(
                        view.changesAfter(ViewCursor.START, 100).orElseThrow().changes());
        assertThat(position).isEqualTo(ViewCursor.afterVersion(view.version()));
    }

    @Test
    void changes_ofASnapshot_areUpdates_thenMembership() {
        view.onLoaded(stored("u1", 1));
        ViewCursor start = ViewCursor.skippingPastMembership(view);
        view.onLoaded(stored("u2", 1));

        assertThat(view.changesAfter(start, 10).orElseThrow().changes())
                .extracting(NodeChange::kind)
                .containsExactly(Kind.UPDATED, Kind.JOINED);
    }

    @Test
    void status_readyOrStale() {
        ticker.advance(Duration.ofSeconds(2));
        assertThat(view.status()).isEqualTo(new ViewStatus(false, Duration.ofSeconds(2), 1, 1));

        becomeReady();
        assertThat(view.status()).isEqualTo(new ViewStatus(true, Duration.ZERO, 1, 0));

        view.subscription().onDisconnected(0);
        ticker.advance(Duration.ofSeconds(3));
        assertThat(view.status()).isEqualTo(new ViewStatus(false, Duration.ofSeconds(3), 1, 1));
    }
}
