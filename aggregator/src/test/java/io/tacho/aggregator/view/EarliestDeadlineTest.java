// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.codec.SnapshotCodec;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EarliestDeadlineTest {

    private final EarliestDeadline earliest = new EarliestDeadline();

    @Test
    void isBefore_comparesTheEarliestDeadline() {
        earliest.include(20);
        earliest.include(10);
        earliest.include(30);

        assertThat(earliest.isBefore(10)).isFalse();
        assertThat(earliest.isBefore(11)).isTrue();
    }

    @Test
    void isBefore_noDeadline_isFalse() {
        assertThat(earliest.isBefore(Long.MAX_VALUE)).isFalse();
        earliest.include(1);
        earliest.reset();
        assertThat(earliest.isBefore(Long.MAX_VALUE)).isFalse();
    }

    /** The monotonic clock may overflow. */
    @Test
    void isBefore_clockOverflow_isCorrect() {
        earliest.include(Long.MAX_VALUE - 1);
        earliest.include(Long.MIN_VALUE + 1);

        assertThat(earliest.isBefore(Long.MAX_VALUE - 1)).isFalse();
        assertThat(earliest.isBefore(Long.MIN_VALUE)).isTrue();
    }

    /** After random operations, the suspects are exactly the nodes beyond their deadline. */
    @Test
    void randomOperations_suspectsAreTheNodesBeyondTheirDeadline() {
        ManualTicker ticker = new ManualTicker();
        ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
        Map<String, Long> deadlines = new HashMap<>();
        Random random = new Random(1);
        for (int step = 0; step < 5_000; step++) {
            String uid = "u" + random.nextInt(20);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long remaining = 1_000 + random.nextInt(4_000);
                    view.onLoaded(new StoredSnapshot(Snapshots.beat(uid, step + 1), remaining));
                    deadlines.put(
                            uid,
                            ticker.getAsLong() + Duration.ofMillis(remaining).toNanos());
                }
                case 2 ->
                    view.suspects().stream().findFirst().ifPresent(suspect -> {
                        view.evict(suspect);
                        deadlines.remove(suspect.uid());
                    });
                default -> ticker.advance(Duration.ofMillis(random.nextInt(300)));
            }

            List<String> expected = deadlines.entrySet().stream()
                    .filter(node -> ticker.getAsLong() - node.getValue() > 0)
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(view.suspects()).extracting(KnownNode::uid).containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
