// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishLoop;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.publish.SnapshotAssembler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowHistory;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents on a host whose clock is stepped, with a Redis whose clock is correct. */
class ClockStepIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisSettings redis = REDIS.settings();
    private final RedisTransport transport = new RedisTransport(redis, new SnapshotCodec());
    private final WindowHistory history = transport.history();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(redis);

    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(5), null);
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final AtomicReference<Duration> error = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(error.get());
    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable resource : started) {
            resource.close();
        }
        history.close();
        transport.close();
    }

    /** Starts an agent of the uid on the host's clock. */
    private PublishLoop start(SnapshotPublisher publisher) {
        JvmSource source = new JvmSource(
                settings.uid(), settings.name(), recorder, HostGauges.NONE, new ProcessSampler(), System::nanoTime);
        SnapshotAssembler assembler = new SnapshotAssembler(settings, recorder, source, clock, System::nanoTime);
        PublishLoop loop = new PublishLoop(assembler, publisher, settings);
        started.add(loop);
        started.add(publisher);
        started.add(source);
        loop.start();
        return loop;
    }

    private List<ClusterWindow> windows() throws Exception {
        return history.changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .windows();
    }

    private void awaitUploaded(long messages) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(windows().stream()
                                .mapToLong(window -> window.sums().numMsgPublished())
                                .sum())
                        .isEqualTo(messages));
    }

    private long lastSeq() {
        return follower.beats().stream().mapToLong(beat -> beat.seq()).reduce(0, (first, second) -> second);
    }

    @Test
    void clockSetAheadAndBack_windowsAreNotInFutureOrTooLong() throws Exception {
        long startMillis = System.currentTimeMillis();
        start(transport.publisher());
        recorder.messagesPublished(5);
        awaitUploaded(5);
        for (Duration step : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ZERO)) {
            error.set(step);
            recorder.messagesPublished(7);
            await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
        }

        awaitUploaded(26);
        assertThat(windows())
                .extracting(ClusterWindow::startMillis)
                .allSatisfy(start -> assertThat(start).isBetween(startMillis - 1_000, System.currentTimeMillis()));
        assertThat(follower.beats())
                .filteredOn(beat -> beat.window() != null)
                .allSatisfy(beat -> assertThat(
                                beat.window().endMillis() - beat.window().startMillis())
                        .isLessThan(5_000));
    }

    @Test
    void hostClockOneHourAhead_windowsAreDatedByRedis() throws Exception {
        long startMillis = System.currentTimeMillis();
        error.set(Duration.ofHours(1));
        start(transport.publisher());
        recorder.messagesPublished(5);

        awaitUploaded(5);
        assertThat(windows())
                .extracting(ClusterWindow::startMillis)
                .allSatisfy(start -> assertThat(start).isBetween(startMillis - 1_000, System.currentTimeMillis()));
    }

    @Test
    void restartWithClockSetBack_publishesImmediately() {
        PublishLoop first = start(transport.publisher());
        await().atMost(SOON).until(() -> lastSeq() > 0);
        long before = lastSeq();
        first.close();
        error.set(Duration.ofMinutes(-10));

        start(transport.publisher());

        await().atMost(SOON).until(() -> lastSeq() < before);
    }

    @Test
    void killAndRestartWithClockSetBack_publishesWhenFormerWriterIsSilent() {
        SnapshotPublisher cut = transport.publisher();
        start(cut);
        await().atMost(SOON).until(() -> lastSeq() > 0);
        cut.close();
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        long before = lastSeq();
        error.set(Duration.ofMinutes(-10));

        start(transport.publisher());

        await().atMost(SOON).until(() -> lastSeq() > before);
    }
}
