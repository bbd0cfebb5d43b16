// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.store.ClusterClock;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares uploads to a store that rejects, loses responses, throws and responds late with a model: each window counts once. */
class UploadModelTest {

    private static final int WINDOWS = 40;

    private final ManualScheduler time = new ManualScheduler(Instant.ofEpochMilli(SLOT));
    private final InMemoryTransport transport = new InMemoryTransport(time);

    private List<ClusterWindow> stored() {
        return transport
                .history()
                .changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .join()
                .windows();
    }

    private CompletionStage<UploadResult> late(CompletionStage<UploadResult> response, Random random) {
        CompletableFuture<UploadResult> later = new CompletableFuture<>();
        time.schedule(
                () -> response.whenComplete((result, failure) -> later.complete(result)),
                random.nextInt(90_000),
                TimeUnit.MILLISECONDS);
        return later;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void windows_areCountedOnce(long seed) {
        Random random = new Random(seed);
        boolean[] healthy = {false};
        WindowUploader uploader = new WindowUploader(
                batch -> switch (healthy[0] ? 4 : random.nextInt(5)) {
                    case 0 -> throw new IllegalStateException("of the transport");
                    case 1 -> CompletableFuture.failedFuture(new TransportException("down", null));
                    case 2 -> {
                        transport.publisher().upload(batch);
                        yield CompletableFuture.failedFuture(new TransportException("no response", null));
                    }
                    case 3 -> late(transport.publisher().upload(batch), random);
                    default -> transport.publisher().upload(batch);
                },
                PublishSettings.of("node_1", Duration.ofSeconds(60), null, null, Duration.ofHours(2)),
                "w1",
                new ClusterClock(time, time),
                time,
                time,
                random::nextDouble);

        for (int window = 0; window < WINDOWS; window++) {
            time.advance(Duration.ofMinutes(1));
            uploader.add(new ClosedWindow("u1", minute(SLOT + 60_000L * window, 1), null));
        }
        healthy[0] = true;
        time.advance(Duration.ofMinutes(15));

        assertThat(stored())
                .hasSize(WINDOWS)
                .allSatisfy(window -> assertThat(window.nodeWindows()).isEqualTo(1));
    }
}
