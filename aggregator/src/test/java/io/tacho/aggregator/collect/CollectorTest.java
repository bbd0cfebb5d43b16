// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import io.tacho.transport.SnapshotPublisher;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectorTest {

    private static final Duration TTL = Duration.ofSeconds(15);

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotPublisher publisher = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private Collector collector;

    @BeforeEach
    void create() {
        collector = new Collector(transport.source(), view, executor, Duration.ofSeconds(1), ticker);
    }

    @AfterEach
    void close() {
        collector.close();
        executor.shutdownNow();
    }

    private void start() {
        collector.start();
        await().until(collector::isReady);
    }

    /** Lets the checks and whatever they start come to an end. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            executor.schedule(() -> {}, 150, TimeUnit.MILLISECONDS).get();
        }
    }

    @Test
    void start_whatIsThereIsThereWhenReady() {
        publisher.publish(beat("u1", 1));
        publisher.publish(beat("u2", 1));

        start();

        assertThat(view.size()).isEqualTo(2);
        assertThat(collector.staleFor()).isZero();
    }

    @Test
    void messages_joinUpdateLeave() {
        start();

        publisher.publish(beat("u1", 1));
        publisher.publish(beat("u1", 2));
        publisher.publish(beat("u2", 1));
        publisher.leave(leave("u1", 3));

        assertThat(view.size()).isEqualTo(1);
        assertThat(collector.metrics().joined()).isEqualTo(2);
        assertThat(collector.metrics().left()).isEqualTo(1);
        assertThat(collector.metrics().received()).isEqualTo(4);
    }

    @Test
    void silence_lostAfterTheTtlAndNotBefore() throws Exception {
        start();
        publisher.publish(beat("u1", 1));

        ticker.advance(TTL);
        settle();
        assertThat(view.size()).isEqualTo(1);

        ticker.advance(Duration.ofMillis(1));
        await().until(() -> view.size() == 0);
        assertThat(collector.metrics().lost()).isEqualTo(1);
    }

    @Test
    void silence_thatIsOursAlone_nobodyIsGivenUp() throws Exception {
        start();
        publisher.publish(beat("u1", 1));
        transport.loseMessages(true);
        ticker.advance(Duration.ofSeconds(10));
        publisher.publish(beat("u1", 2));

        ticker.advance(Duration.ofSeconds(10));
        settle();

        assertThat(view.list().nodes().get(0).envelope().seq()).isEqualTo(2);
        assertThat(collector.metrics().lost()).isZero();
    }

    @Test
    void sweep_findsANodeWhoseMessagesWereLost() {
        start();
        transport.loseMessages(true);
        publisher.publish(beat("u1", 1));
        assertThat(view.size()).isZero();

        await().until(() -> view.size() == 1);
    }

    @Test
    void disconnected_viewIsKeptHoweverLong() throws Exception {
        start();
        publisher.publish(beat("u1", 1));

        transport.disconnect();
        ticker.advance(TTL.multipliedBy(100));
        settle();

        assertThat(collector.isReady()).isFalse();
        assertThat(collector.staleFor()).isEqualTo(TTL.multipliedBy(100));
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void reconnected_toAnEmptyStore_everyoneHasOneTtlToSpeakUp() throws Exception {
        start();
        publisher.publish(beat("alive", 1));
        publisher.publish(beat("dead", 1));
        transport.disconnect();
        ticker.advance(TTL.multipliedBy(2));
        transport.flush();

        transport.reconnect();
        await().until(collector::isReady);
        settle();
        assertThat(view.size()).isEqualTo(2);
        publisher.publish(beat("alive", 2));
        ticker.advance(TTL.plusMillis(1));
        publisher.publish(beat("alive", 3));

        await().until(() -> view.size() == 1);
        assertThat(view.list().nodes().get(0).uid()).isEqualTo("alive");
    }

    @Test
    void reconnected_findsWhoCameMeanwhile() {
        start();
        transport.disconnect();
        transport.reconnect();
        await().until(collector::isReady);
        publisher.publish(beat("u1", 1));

        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void flushed_nobodyIsGivenUpWhoBeatsAgain() throws Exception {
        start();
        publisher.publish(beat("u1", 1));
        transport.flush();
        ticker.advance(Duration.ofSeconds(5));
        settle();
        publisher.publish(beat("u1", 2));
        ticker.advance(Duration.ofSeconds(12));
        settle();

        assertThat(view.size()).isEqualTo(1);
        assertThat(collector.metrics().lost()).isZero();
    }

    @Test
    void malformed_countedByReason() {
        start();

        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NO_TTL, "x"));

        assertThat(collector.metrics().malformedFor(Reason.NOT_JSON)).isEqualTo(2);
        assertThat(collector.metrics().malformedFor(Reason.NO_TTL)).isEqualTo(1);
        assertThat(collector.metrics().malformedFor(Reason.TOO_LARGE)).isZero();
    }
}
