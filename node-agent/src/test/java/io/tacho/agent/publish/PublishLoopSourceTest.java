// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop with sources that take their time, come, go, and become another. */
class PublishLoopSourceTest {

    private static final Duration BEAT = Duration.ofMillis(100);

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final RecordingListener heard = new RecordingListener();
    private final ScriptedSource source = new ScriptedSource();
    private PublishLoop loop;

    private static final class ScriptedSource implements NodeSource {

        volatile String uid = "a";
        volatile CompletionStage<Void> fresh = CompletableFuture.completedFuture(null);
        volatile boolean tellsWindows = true;

        @Override
        public String describe() {
            return "a script";
        }

        @Override
        public CompletionStage<Void> refresh() {
            return fresh;
        }

        @Override
        public boolean endWindow() {
            return tellsWindows;
        }

        @Override
        public NodeState read(RecordedInterval recorded) {
            String now = uid;
            return now == null
                    ? null
                    : new NodeState(
                            Snapshots.snapshot(now, "node_1"), recorded, null, Map.of(), QualityFlags.NONE, null);
        }
    }

    @BeforeEach
    void follow() {
        transport.source().start(heard);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void start(Duration metricsInterval, InstantSource clock) {
        start(metricsInterval, BEAT, clock);
    }

    private void start(Duration metricsInterval, Duration publishInterval, InstantSource clock) {
        PublishSettings settings = PublishSettings.of("node_1", metricsInterval, publishInterval, null, null);
        SnapshotAssembler assembler =
                new SnapshotAssembler(settings, new IntervalRecorder(), source, clock, System::nanoTime);
        loop = new PublishLoop(assembler, transport.publisher(), clock, settings);
        loop.start();
    }

    private List<String> beats() {
        return heard.envelopes.stream()
                .filter(SnapshotEnvelope.class::isInstance)
                .map(Envelope::uid)
                .toList();
    }

    private List<String> goodbyes() {
        return heard.envelopes.stream()
                .filter(LeaveEnvelope.class::isInstance)
                .map(Envelope::uid)
                .toList();
    }

    @Test
    void nodeThatIsNotThereYet_isNotReported() {
        source.uid = null;
        start(Duration.ofMinutes(1), ticker);
        await().during(Duration.ofMillis(350)).until(() -> heard.envelopes.isEmpty());

        source.uid = "a";

        await().until(() -> beats().contains("a"));
        assertThat(goodbyes()).isEmpty();
    }

    @Test
    void nodeThatIsLetGo_isOffAtOnceAndComesBack() {
        start(Duration.ofMinutes(1), ticker);
        await().until(() -> beats().contains("a"));

        source.uid = null;
        await().until(() -> goodbyes().equals(List.of("a")));
        int before = beats().size();

        source.uid = "a";
        await().until(() -> beats().size() > before);
        assertThat(goodbyes()).containsExactly("a");
    }

    @Test
    void nodeThatBecomesAnother_isFollowedByIt() {
        start(Duration.ofMinutes(1), ticker);
        await().until(() -> beats().contains("a"));

        source.uid = "b";

        await().until(() -> beats().contains("b"));
        assertThat(goodbyes()).containsExactly("a");
        int lastOfA = heard.envelopes.indexOf(heard.envelopes.stream()
                .filter(LeaveEnvelope.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(heard.envelopes.subList(lastOfA + 1, heard.envelopes.size()))
                .extracting(Envelope::uid)
                .containsOnly("b");
    }

    @Test
    void beat_waitsForWhatIsOnItsWay() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        source.fresh = answer;
        start(Duration.ofMinutes(1), Duration.ofSeconds(30), ticker);
        await().during(Duration.ofMillis(700)).until(() -> heard.envelopes.isEmpty());

        answer.complete(null);

        await().until(() -> beats().size() == 1);
    }

    @Test
    void beat_goesOnWhateverTheSourceDoes() {
        source.fresh = new CompletableFuture<>();
        start(Duration.ofMinutes(1), ticker);
        await().until(() -> beats().size() > 1);

        source.fresh = null;
        int before = beats().size();
        await().until(() -> beats().size() > before + 1);
    }

    @Test
    void windowThatCannotBeTold_staysOpen() {
        source.tellsWindows = false;
        start(Duration.ofSeconds(1), InstantSource.system());
        await().during(Duration.ofMillis(1_200)).until(() -> loop != null);
        assertThat(heard.envelopes)
                .allSatisfy(
                        beat -> assertThat(((SnapshotEnvelope) beat).window()).isNull());

        source.tellsWindows = true;

        await().untilAsserted(() -> assertThat(heard.envelopes).anySatisfy(beat -> {
            SnapshotEnvelope told = (SnapshotEnvelope) beat;
            assertThat(told.window()).isNotNull();
            assertThat(told.window().endMillis() - told.window().startMillis())
                    .as("all of the time since the start")
                    .isGreaterThan(1_000);
        }));
    }
}
