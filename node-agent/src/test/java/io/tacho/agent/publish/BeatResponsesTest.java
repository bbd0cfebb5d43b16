// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.model.Envelope.Writer;
import io.tacho.store.BeatResult;
import io.tacho.store.ClusterClock;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BeatResponsesTest {

    private static final String UID = "u1";
    private static final Writer OTHER = new Writer("w2", null);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler time = new ManualScheduler();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final PublishSettings settings = PublishSettings.of("node_1", null, null, null, Duration.ofHours(1));
    private final SnapshotAssembler assembler = new SnapshotAssembler(
            settings,
            recorder,
            new JvmSource(UID, "node_1", recorder, HostGauges.NONE, new ProcessSampler(), time),
            time,
            time);
    private final List<WindowUpload> uploads = new ArrayList<>();
    private final WindowUploader uploader = new WindowUploader(
            batch -> {
                uploads.add(batch);
                return CompletableFuture.completedFuture(UploadResult.of(batch.lastNumber()));
            },
            settings,
            "w1",
            new ClusterClock(time, time),
            time,
            time,
            () -> 0.9);
    private final List<Throwable> failures = new ArrayList<>();
    private int beats;
    private final BeatResponses responses =
            new BeatResponses(assembler, uploader, new GuardedExecutor(time, failures::add), () -> beats++, time);

    private void respond(BeatResult result) {
        responses.onResponse(UID, result);
        time.runPending();
        assertThat(failures).isEmpty();
    }

    private static BeatResult conflict(long silentMillis) {
        return BeatResult.conflict(0, 1, OTHER, silentMillis);
    }

    @Test
    void accepted_noFurtherAction() {
        assertThat(responses.isAccepted()).isFalse();

        respond(BeatResult.accepted(0, 1));

        assertThat(responses.isAccepted()).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(beats).isZero();
    }

    @Test
    void failedBeat_isNotAccepted_notRepeatedImmediately() {
        respond(BeatResult.accepted(0, 1));
        respond(null);

        assertThat(responses.isAccepted()).isFalse();
        time.advance(Duration.ofMinutes(1));
        assertThat(beats).isZero();
    }

    @Test
    void outdatedSeq_isRaised_beatIsRepeatedImmediately() {
        long registered = time.millis() + 100_000;

        respond(BeatResult.outdated(0, registered));

        assertThat(beats).isEqualTo(1);
        assertThat(assembler.raiseSeq(registered)).as("already raised").isFalse();
        assertThat(assembler.raiseSeq(registered + 1)).isTrue();
    }

    @Test
    void outdatedSeq_invalidOrAlreadyPassed_isNotRepeated() {
        respond(BeatResult.outdated(0, 0));
        respond(BeatResult.outdated(0, time.millis() - 1));
        respond(BeatResult.outdated(0, Long.MAX_VALUE));

        assertThat(beats).isZero();
    }

    @Test
    void response_isAppliedOnExecutorThread() {
        responses.onResponse(UID, BeatResult.outdated(0, time.millis() + 100_000));

        assertThat(beats).isZero();
        time.runPending();
        assertThat(beats).isEqualTo(1);
    }

    @Test
    void conflict_beatIsRepeatedEverySecond() {
        respond(conflict(0));
        respond(conflict(0));
        assertThat(beats).isZero();

        time.advance(SECOND.minusNanos(1));
        assertThat(beats).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(beats).isEqualTo(1);

        respond(conflict(0));
        time.advance(SECOND);
        assertThat(beats).isEqualTo(2);
    }

    @Test
    void conflict_concurrentWindowsAreDropped() {
        uploader.add(new ClosedWindow(UID, minute(SLOT, 1), null));
        respond(conflict(0));

        time.advance(Duration.ofMinutes(1));

        assertThat(assembler.isCountedElsewhere()).isTrue();
        assertThat(uploads).isEmpty();
    }

    @Test
    void conflict_writerSilentDuringWindow_windowIsKept() {
        uploader.add(new ClosedWindow(UID, minute(SLOT, 1), null));
        respond(conflict(90_000));

        time.advance(Duration.ofMinutes(1));

        assertThat(assembler.isCountedElsewhere()).isFalse();
        assertThat(uploads).hasSize(1);
    }

    @Test
    void takeover_startsNewWindow() {
        respond(conflict(0));
        time.advance(SECOND);
        assertThat(assembler.isCountedElsewhere()).isTrue();

        respond(BeatResult.accepted(0, 1));

        assertThat(assembler.isCountedElsewhere()).isFalse();
        assertThat(responses.isAccepted()).isTrue();
    }

    @Test
    void command_isAppliedAndAcknowledgedImmediately() {
        NodeCommand drain = new NodeCommand(Action.DRAIN, "c1");
        respond(BeatResult.accepted(0, 1, drain));

        assertThat(beats).isEqualTo(1);
        assertThat(assembler.drainState().isDraining(UID)).isTrue();
        assertThat(assembler.drainState().acknowledged(UID)).isEqualTo("c1");

        respond(BeatResult.accepted(0, 2, drain));
        assertThat(beats).as("acknowledged").isEqualTo(1);

        respond(BeatResult.accepted(0, 3, new NodeCommand(Action.UNDRAIN, "c2")));
        assertThat(beats).isEqualTo(2);
        assertThat(assembler.drainState().isDraining(UID)).isFalse();
    }

    @Test
    void commandReceivedTwice_isAppliedOnce() {
        NodeCommand drain = new NodeCommand(Action.DRAIN, "c1");
        responses.onResponse(UID, BeatResult.accepted(0, 1, drain));
        respond(BeatResult.accepted(0, 2, drain));

        assertThat(beats).isEqualTo(1);
    }

    @Test
    void storeClock_isUsedForWindows() {
        long store = time.millis() - Duration.ofHours(1).toMillis();

        respond(BeatResult.accepted(store, 1));
        time.advance(SECOND);

        assertThat(assembler.clock().millis()).isEqualTo(store + 1_000);
    }
}
