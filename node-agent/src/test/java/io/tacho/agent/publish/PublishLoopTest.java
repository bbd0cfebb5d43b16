// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HubGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.FoldBatch;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TransportException;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.RecordingListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishLoopTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(4);

    /** Answers as the test says, and keeps what it was given. */
    private static final class ScriptedPublisher implements SnapshotPublisher {

        final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
        volatile Function<Envelope, CompletionStage<Void>> answer;

        ScriptedPublisher(Function<Envelope, CompletionStage<Void>> answer) {
            this.answer = answer;
        }

        @Override
        public CompletionStage<Void> publish(SnapshotEnvelope envelope) {
            envelopes.add(envelope);
            return answer.apply(envelope);
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            envelopes.add(envelope);
            return answer.apply(envelope);
        }

        @Override
        public CompletionStage<Long> fold(FoldBatch batch) {
            return CompletableFuture.completedFuture(batch.lastNumber());
        }

        @Override
        public void close() {}
    }

    // stands still: no window ends by itself
    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final RecordingListener heard = new RecordingListener();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private PublishLoop loop;

    @BeforeEach
    void follow() {
        transport.source().start(heard);
    }

    @AfterEach
    void close() {
        if (loop != null) {
            loop.close();
        }
    }

    private void start(SnapshotPublisher publisher, Duration publishInterval) {
        start(publisher, MINUTE, publishInterval, ticker);
    }

    private void start(
            SnapshotPublisher publisher, Duration metricsInterval, Duration publishInterval, InstantSource clock) {
        PublishSettings settings = PublishSettings.of("node_1", metricsInterval, publishInterval, null, null);
        SnapshotAssembler assembler = new SnapshotAssembler(
                settings,
                recorder,
                new JvmSource(
                        settings.uid(),
                        settings.name(),
                        new IntervalRecorder(),
                        HubGauges.NONE,
                        new ProcessSampler(),
                        ticker),
                clock,
                ticker);
        loop = new PublishLoop(assembler, publisher, clock, settings);
        loop.start();
    }

    @ParameterizedTest
    @CsvSource({
        "     0, 60000",
        "     1, 59999",
        " 57000,  3000",
        " 57001, 62999",
        " 59999, 60001",
        " 60000, 60000",
        "    -1, 60001",
        "-30000, 30000",
    })
    void millisToWindowEnd(long now, long expected) {
        assertThat(PublishLoop.millisToWindowEnd(now, 60_000)).isEqualTo(expected);
    }

    @Test
    void start_publishesTwiceQuickly() {
        start(transport.publisher(), MINUTE);

        await().atMost(SOON).until(() -> heard.envelopes.size() == 2);
    }

    @Test
    void windowEnd_isPublishedAtOnce() {
        recorder.messagesPublished(5);
        start(transport.publisher(), Duration.ofSeconds(1), Duration.ofSeconds(1), InstantSource.system());

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(heard.envelopes).anySatisfy(envelope -> {
                    SnapshotEnvelope beat = (SnapshotEnvelope) envelope;
                    assertThat(beat.window()).isNotNull();
                    assertThat(beat.window().endMillis() % 1_000)
                            .as("aligned to the epoch, and not much later")
                            .isLessThan(500);
                    assertThat(beat.snapshot().metrics().numMsgPublished()).isEqualTo(5);
                }));
    }

    @Test
    void close_publishesTheLastWindowAndLeaves() {
        start(transport.publisher(), MINUTE);
        await().atMost(SOON).until(() -> heard.envelopes.size() == 2);
        recorder.messagesPublished(3);

        loop.close();
        loop.close();

        assertThat(heard.envelopes).hasSize(4);
        SnapshotEnvelope last = (SnapshotEnvelope) heard.envelopes.get(2);
        assertThat(last.window()).isNotNull();
        assertThat(last.snapshot().metrics().numMsgPublished()).isEqualTo(3);
        assertThat(heard.envelopes.get(3)).isInstanceOf(LeaveEnvelope.class);
    }

    @Test
    void close_publisherNeverAnswers() {
        start(new ScriptedPublisher(envelope -> new CompletableFuture<>()), MINUTE);

        await().atMost(SOON).until(() -> {
            loop.close();
            return true;
        });
    }

    @Test
    void close_saysGoodbyeWhereTheLastWindowFails() {
        ScriptedPublisher publisher =
                new ScriptedPublisher(envelope -> CompletableFuture.failedFuture(new TransportException("lost", null)));
        start(publisher, MINUTE);

        loop.close();

        assertThat(publisher.envelopes).last().isInstanceOf(LeaveEnvelope.class);
    }

    /** A beat after the goodbye would bring the node back for a whole TTL. */
    @Test
    void close_nothingFollowsTheGoodbye() {
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> envelope instanceof LeaveEnvelope
                ? new CompletableFuture<Void>().completeOnTimeout(null, 1_500, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null));
        start(publisher, Duration.ofSeconds(1), Duration.ofSeconds(1), InstantSource.system());
        await().atMost(SOON).until(() -> publisher.envelopes.size() >= 2);

        // at least one window ends while the goodbye is on its way
        loop.close();

        assertThat(publisher.envelopes).last().isInstanceOf(LeaveEnvelope.class);
        assertThat(publisher.envelopes).extracting(Envelope::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void publisher_thatFailsLeavesTheLoopAlive() {
        transport.disconnect();
        start(transport.publisher(), Duration.ofMillis(100));
        transport.reconnect();

        await().atMost(SOON).until(() -> !heard.envelopes.isEmpty());
    }

    @Test
    void publisher_thatThrowsLeavesTheLoopAlive() {
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> {
            throw new IllegalStateException("broken");
        });
        start(publisher, Duration.ofMillis(100));

        await().atMost(SOON).until(() -> publisher.envelopes.size() > 3);
        publisher.answer = envelope -> CompletableFuture.completedFuture(null);
    }

    @Test
    void beat_dueWhileOneIsUnderWayFollowsTheAnswer() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> answer);
        start(publisher, MINUTE);

        await().during(Duration.ofMillis(800)).atMost(SOON).until(() -> publisher.envelopes.size() == 1);
        answer.complete(null);

        await().atMost(SOON).until(() -> publisher.envelopes.size() == 2);
    }
}
