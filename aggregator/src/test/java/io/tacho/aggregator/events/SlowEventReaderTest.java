// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.EventData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests readers that read their events late or never. */
class SlowEventReaderTest extends EventFeedTestBase {

    @Test
    void slowReader_hasOnePendingBatch_andUpdatesAreConflated() {
        for (int i = 0; i < 250; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
        FollowingReader reader = open();
        awaitLast(reader, "synced");
        reader.setSlow(true);
        for (long seq = 2; seq < 200; seq++) {
            for (int i = 0; i < 250; i++) {
                view.onBeat(beat("u" + i, seq));
            }
        }
        awaitTick();
        assertThat(reader.batchesNotWritten()).isEqualTo(1);
        int received = reader.types().size();

        reader.setSlow(false);

        awaitTick();
        assertThat(reader.seqs()).isEqualTo(seqsOfTheView());
        assertThat(reader.types().size() - received).isLessThanOrEqualTo(500);
    }

    @Test
    void slowReader_thatReadsNothing_isDisconnected() {
        FollowingReader reader = new FollowingReader();
        reader.setSlow(true);
        feed.open(reader, EventFilter.ALL, null);
        awaitTick();
        assertThat(reader.batchesNotWritten()).isEqualTo(1);

        ticker.advance(Duration.ofSeconds(31));

        assertThat(reader.isClosed()).isTrue();
        assertThat(feed.metrics().dropped()).isEqualTo(1);
        assertThat(feed.metrics().readers()).isZero();
    }

    @Test
    void bufferFull_newReadersWait_andStalledReadersAreDisconnectedSooner() {
        for (int i = 0; i < 200; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
        try (EventFeed small = new EventFeed(view, new EventData(view), () -> outliers, ticker, ticker, 7, 100_000)) {
            small.start();
            List<StalledReader> stalled = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                stalled.add(new StalledReader());
                small.open(stalled.get(i), EventFilter.ALL, null);
            }
            ticker.advance(Duration.ofSeconds(1));
            assertThat(stalled.stream().mapToLong(reader -> reader.bytes).sum()).isBetween(100_000L, 250_000L);
            FollowingReader reader = new FollowingReader();
            small.open(reader, EventFilter.ALL, null);
            ticker.advance(Duration.ofSeconds(1));
            assertThat(reader.seqs()).as("the buffer is full").isEmpty();

            // enough time to disconnect all stalled readers
            ticker.advance(Duration.ofSeconds(60));

            assertThat(stalled).allMatch(dropped -> dropped.closed);
            assertThat(reader.seqs()).isEqualTo(seqsOfTheView());
        }
    }

    /** Completes only the first write, which starts the stream. */
    private static final class StalledReader implements EventSink {

        private int writes;
        private long bytes;
        private boolean closed;

        @Override
        public void write(List<byte[]> events, Runnable taken) {
            if (writes++ == 0) {
                taken.run();
            } else {
                bytes += events.stream().mapToLong(part -> part.length).sum();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
