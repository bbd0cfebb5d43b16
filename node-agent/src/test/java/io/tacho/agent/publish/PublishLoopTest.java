// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.model.Envelope;
import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishLoopTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SECOND_BEAT = Duration.ofMillis(500);

    /** Returns scripted responses and records the envelopes. */
    private static final class ScriptedPublisher implements SnapshotPublisher {

        final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
        final Function<Envelope, CompletionStage<Void>> response;

        ScriptedPublisher(Function<Envelope, CompletionStage<Void>> response) {
            this.response = response;
        }

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            envelopes.add(envelope);
            return response.apply(envelope).thenApply(done -> BeatResult.accepted(0, envelope.seq()));
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            envelopes.add(envelope);
            return response.apply(envelope);
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return CompletableFuture.completedFuture(UploadResult.of(batch.lastNumber()));
        }

        @Override
        public void close() {}
    }

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final RecordingListener listener = new RecordingListener();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private PublishLoop loop;

    @BeforeEach
    void startListener() {
        transport.source().start(listener);
    }

    @AfterEach
    void close() {
        if (loop != null) {
            loop.close();
        }
    }

    private void start(SnapshotPublisher publisher, Duration publishInterval) {
        start(publisher, MINUTE, publishInterval);
    }

    private void start(SnapshotPublisher publisher, Duration metricsInterval, Duration publishInterval) {
        PublishSettings settings = PublishSettings.of("node_1", metricsInterval, publishInterval, null, null);
        SnapshotAssembler assembler = new SnapshotAssembler(
                settings,
                recorder,
                new JvmSource(
                        settings.uid(),
                        settings.name(),
                        new IntervalRecorder(),
                        HostGauges.NONE,
                        new ProcessSampler(),
                        ticker),
                ticker,
                ticker);
        loop = new PublishLoop(assembler, publisher, settings, ticker, ticker, () -> 0, Duration.ofMillis(10));
        loop.start();
        ticker.runPending();
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
    void start_publishesTwoBeatsQuickly() {
        start(transport.publisher(), MINUTE);

        assertThat(listener.envelopes).hasSize(1);

        ticker.advance(SECOND_BEAT);

        assertThat(listener.envelopes).hasSize(2);
    }

    @Test
    void windowEnd_isPublishedImmediately() {
        recorder.messagesPublished(5);
        start(transport.publisher(), SECOND, SECOND);

        ticker.advance(SECOND);

        SnapshotEnvelope beat = (SnapshotEnvelope) listener.envelopes.get(listener.envelopes.size() - 1);
        assertThat(beat.window()).isNotNull();
        assertThat(beat.window().endMillis()).isEqualTo(ticker.millis());
        assertThat(beat.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(5);
    }

    @Test
    void close_publishesLastWindow_thenLeaves() {
        start(transport.publisher(), MINUTE);
        ticker.advance(SECOND_BEAT);
        recorder.messagesPublished(3);

        loop.close();
        loop.close();

        assertThat(listener.envelopes).hasSize(4);
        SnapshotEnvelope last = (SnapshotEnvelope) listener.envelopes.get(2);
        assertThat(last.window()).isNotNull();
        assertThat(last.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(3);
        assertThat(listener.envelopes.get(3)).isInstanceOf(LeaveEnvelope.class);
    }

    @Test
    void close_publisherNeverResponds_returns() {
        start(new ScriptedPublisher(envelope -> new CompletableFuture<>()), MINUTE);

        assertThatCode(loop::close).doesNotThrowAnyException();
    }

    @Test
    void close_lastWindowFails_leaveIsSent() {
        ScriptedPublisher publisher =
                new ScriptedPublisher(envelope -> CompletableFuture.failedFuture(new TransportException("lost", null)));
        start(publisher, MINUTE);

        loop.close();

        assertThat(publisher.envelopes).last().isInstanceOf(LeaveEnvelope.class);
    }

    /** A beat after the leave message would make the node visible for another TTL. */
    @Test
    void close_leaveIsLastMessage() {
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> {
            if (envelope instanceof LeaveEnvelope) {
                // windows end while the leave message is pending
                ticker.advance(Duration.ofSeconds(2));
            }
            return CompletableFuture.completedFuture(null);
        });
        start(publisher, SECOND, SECOND);
        ticker.advance(SECOND);

        loop.close();

        assertThat(publisher.envelopes).last().isInstanceOf(LeaveEnvelope.class);
        assertThat(publisher.envelopes).extracting(Envelope::seq).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void publisherFails_loopContinues() {
        transport.disconnect();
        start(transport.publisher(), Duration.ofMillis(100));
        transport.reconnect();

        ticker.advance(Duration.ofMillis(100));

        assertThat(listener.envelopes).isNotEmpty();
    }

    @Test
    void publisherThrows_loopContinues() {
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> {
            throw new IllegalStateException("broken");
        });
        start(publisher, Duration.ofMillis(100));

        ticker.advance(Duration.ofMillis(300));

        assertThat(publisher.envelopes).hasSize(4);
    }

    @Test
    void beat_dueWhilePreviousIsPending_isSentAfterResponse() {
        CompletableFuture<Void> response = new CompletableFuture<>();
        ScriptedPublisher publisher = new ScriptedPublisher(envelope -> response);
        start(publisher, MINUTE);

        ticker.advance(SECOND_BEAT);
        assertThat(publisher.envelopes).hasSize(1);

        response.complete(null);
        ticker.runPending();

        assertThat(publisher.envelopes).hasSize(2);
    }
}
