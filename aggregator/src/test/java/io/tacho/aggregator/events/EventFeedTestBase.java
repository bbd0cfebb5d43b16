// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An event feed over a view that the test changes. */
abstract class EventFeedTestBase {

    final ManualScheduler ticker = new ManualScheduler();
    final InMemoryTransport transport = new InMemoryTransport(ticker);
    final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100_000);
    final Collector collector = new Collector(transport.source(), view, ticker, Duration.ofHours(1), ticker);
    OutlierReport outliers = OutlierReport.NONE;
    EventFeed feed;

    @BeforeEach
    final void start() {
        collector.start();
        ticker.runPending();
        feed = feed(0xabc);
    }

    EventFeed feed(long epoch) {
        EventFeed started = new EventFeed(view, new EventData(view), () -> outliers, ticker, ticker, epoch);
        started.start();
        return started;
    }

    @AfterEach
    final void close() {
        feed.close();
        collector.close();
    }

    FollowingReader open() {
        FollowingReader reader = new FollowingReader();
        feed.open(reader, EventFilter.ALL, null);
        return reader;
    }

    void awaitTick() {
        ticker.advance(Duration.ofMillis(200));
    }

    void awaitLast(FollowingReader reader, String type) {
        awaitTick();
        assertThat(reader.types()).isNotEmpty().last().isEqualTo(type);
    }

    Map<String, Long> seqsOfTheView() {
        Map<String, Long> seqs = new TreeMap<>();
        view.nodeList().nodes().forEach(node -> seqs.put(node.uid(), node.seq()));
        return seqs;
    }
}
