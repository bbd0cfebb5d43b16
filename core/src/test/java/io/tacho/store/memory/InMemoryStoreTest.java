// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.store.HistoryMark;
import io.tacho.store.NodeCommands;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportContract;
import io.tacho.store.TransportException;
import io.tacho.store.WindowHistory;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest extends TransportContract {

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryStore store = new InMemoryStore(ticker, InMemoryStore.MAX_NODES);
    private final SnapshotSource source = store.source();

    @Override
    protected SnapshotPublisher publisher() {
        return store.publisher();
    }

    @Override
    protected SnapshotSource source() {
        return source;
    }

    @Override
    protected NodeCommands commands() {
        return store.commands();
    }

    @Override
    protected WindowHistory history() {
        return store.history();
    }

    @Override
    protected void elapse(Duration duration) {
        ticker.advance(duration);
    }

    @Test
    void publish_newNodeInFullStore_isRejected() throws Exception {
        SnapshotPublisher publisher = new InMemoryStore(ticker, 1).publisher();
        get(publisher.publish(Snapshots.beat("u1", 1)));

        assertThatThrownBy(() -> get(publisher.publish(Snapshots.beat("u2", 1))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageEndingWith("nodes: 1 are stored (expected: fewer)");
    }

    @Test
    void publish_knownNodeInFullStore_replacesItsEntry() throws Exception {
        InMemoryStore full = new InMemoryStore(ticker, 1);
        get(full.publisher().publish(Snapshots.beat("u1", 1)));

        get(full.publisher().publish(Snapshots.beat("u1", 2)));

        assertThat(get(full.source().loadAll()))
                .singleElement()
                .satisfies(stored -> assertThat(stored.envelope().seq()).isEqualTo(2));
    }

    @Test
    void publish_fullStoreOfExpiredEntries_replacesThem() throws Exception {
        InMemoryStore full = new InMemoryStore(ticker, 1);
        get(full.publisher().publish(Snapshots.beat("u1", 1)));
        ticker.advance(Duration.ofMillis(Snapshots.TTL_MILLIS));

        get(full.publisher().publish(Snapshots.beat("u2", 1)));

        assertThat(get(full.source().loadAll()))
                .singleElement()
                .satisfies(stored -> assertThat(stored.envelope().uid()).isEqualTo("u2"));
    }

    @Test
    void source_closed_receivesNothing() throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);

        source.close();

        get(publisher().publish(Snapshots.beat("u1", 1)));
        assertThat(listener.envelopes).isEmpty();
    }

    @Test
    void history_windowExpires() throws Exception {
        get(publisher().upload(batch("u1", 0, 1, minute(SLOT, 1))));

        ticker.advance(Windows.HISTORY);

        assertThat(get(history().changedSince(HistoryMark.START, 100)).windows())
                .isEmpty();
    }

    @Test
    void history_highWaterMark_outlivesWindows() throws Exception {
        get(publisher().upload(batch("u1", 0, 1, minute(SLOT, 1))));

        ticker.advance(Windows.HISTORY);

        assertThat(get(publisher().upload(batch("u1", 0, 1, minute(SLOT, 1)))).highWaterMark())
                .isEqualTo(1);
    }

    @Test
    void history_full_oldestWindowIsEvicted() {
        MemoryHistory small = new MemoryHistory(ticker, 1);
        small.add(batch("u1", 0, 1, minute(SLOT, 1)), null);

        small.add(batch("u1", 1, 2, minute(SLOT + 60_000, 1)), null);

        assertThat(small.changedSince(HistoryMark.START, 100).windows())
                .singleElement()
                .satisfies(window -> assertThat(window.startMillis()).isEqualTo(SLOT + 60_000));
    }

    @Test
    void clear_removesEntriesAndWindows() throws Exception {
        get(publisher().publish(Snapshots.beat("u1", 1)));
        get(publisher().upload(batch("u1", 0, 1, minute(SLOT, 1))));

        store.clear();

        assertThat(get(source.loadAll())).isEmpty();
        assertThat(get(history().changedSince(HistoryMark.START, 100)).windows())
                .isEmpty();
    }

    @Test
    void maxNodes_zero_isRejected() {
        assertThatThrownBy(() -> new InMemoryStore(ticker, 0)).hasMessage("maxNodes: 0 (expected: > 0)");
    }
}
