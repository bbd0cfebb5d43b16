// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.SubscriptionState.PartitionStatus;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubscriptionStateTest {

    private final ManualTicker ticker = new ManualTicker();
    private long version = 7;
    private final SubscriptionState state = new SubscriptionState(3, ticker, () -> version);

    private void load(int... partitions) {
        for (int partition : partitions) {
            assertThat(state.onLoaded(partition, state.onSubscribed(partition))).isTrue();
        }
    }

    private void pass(long seconds) {
        ticker.advance(Duration.ofSeconds(seconds));
    }

    private static PartitionStatus status(String state, long staleSeconds) {
        return new PartitionStatus(state, Duration.ofSeconds(staleSeconds));
    }

    @Test
    void newState_isDisconnected_andStaleSinceItsCreation() {
        pass(2);
        assertThat(state.status()).isEqualTo(new ViewStatus(false, Duration.ofSeconds(2), 3, 3));
        assertThat(state.status().isComplete()).isFalse();
        assertThat(state.firstReadyVersion()).isEqualTo(-1);
    }

    @Test
    void view_isReadyOnceEveryPartitionIsLoaded() {
        load(0, 1);
        long last = state.onSubscribed(2);
        pass(2);
        assertThat(state.status()).isEqualTo(new ViewStatus(false, Duration.ofSeconds(2), 3, 1));
        assertThat(state.partitionStatuses())
                .containsExactly(status("connected", 0), status("connected", 0), status("loading", 2));

        assertThat(state.onLoaded(2, last)).isTrue();
        assertThat(state.status()).isEqualTo(new ViewStatus(true, Duration.ZERO, 3, 0));
        assertThat(state.firstReadyVersion()).isEqualTo(7);
        assertThat(state.isEveryPartitionLoadedOnce()).isTrue();

        version = 9;
        state.onDisconnected(0);
        load(0);
        assertThat(state.firstReadyVersion()).as("the first time").isEqualTo(7);
    }

    @Test
    void loadOfAnEarlierSubscription_isIgnored() {
        long first = state.onSubscribed(0);
        long second = state.onSubscribed(0);
        assertThat(second).isNotEqualTo(first);
        assertThat(state.onLoaded(0, first)).isFalse();
        assertThat(state.isReady(0)).isFalse();

        state.onDisconnected(0);
        assertThat(state.onLoaded(0, second)).isFalse();
        assertThat(state.onLoaded(0, state.subscriptionId(0)))
                .as("not subscribed")
                .isFalse();
    }

    @Test
    void disconnectedPartition_isStaleUntilItIsLoadedAgain() {
        load(0, 1, 2);
        pass(10);
        state.onDisconnected(1);
        pass(4);
        state.onSubscribed(1);
        pass(1);

        assertThat(state.partitionStatuses().get(1)).isEqualTo(status("loading", 5));
        assertThat(state.status()).isEqualTo(new ViewStatus(true, Duration.ofSeconds(5), 3, 1));
        assertThat(state.isReady(0)).isTrue();
        assertThat(state.isReady(1)).isFalse();

        state.onDisconnected(0);
        state.onDisconnected(2);
        assertThat(state.status().isReady()).as("nothing is connected").isFalse();
        assertThat(state.status().staleFor())
                .as("the age of the stalest partition")
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void failedRequest_partitionIsStaleSinceTheFirstFailedRequest() {
        load(0, 1, 2);
        long id = state.subscriptionId(1);
        pass(10);
        long requested = ticker.getAsLong();
        pass(3);

        assertThat(state.onRequestFailed(1, id - 1, requested))
                .as("an earlier subscription")
                .isFalse();
        assertThat(state.onRequestFailed(1, id, requested)).isTrue();
        assertThat(state.onRequestFailed(1, id, requested))
                .as("already reported")
                .isFalse();
        assertThat(state.partitionStatuses().get(1)).isEqualTo(status("not_responding", 3));
        assertThat(state.subscriptionId(1)).as("still subscribed").isEqualTo(id);

        assertThat(state.onLoaded(1, id)).isTrue();
        assertThat(state.status().isComplete()).isTrue();
        state.onDisconnected(1);
        assertThat(state.onRequestFailed(1, state.subscriptionId(1), requested))
                .as("disconnected")
                .isFalse();
    }

    @Test
    void firstReady_waitsThreeSecondsForUnreachablePartitions_andForLoadingPartitions() {
        pass(60);
        state.becomeReadyWithoutUnreachable();
        assertThat(state.firstReadyVersion()).as("nothing is loaded").isEqualTo(-1);

        load(0);
        long loading = state.onSubscribed(1);
        pass(3);
        state.becomeReadyWithoutUnreachable();
        assertThat(state.firstReadyVersion()).as("one partition is loading").isEqualTo(-1);
        state.onRequestFailed(1, loading, ticker.getAsLong());
        state.becomeReadyWithoutUnreachable();

        assertThat(state.status().isReady()).isTrue();
        assertThat(state.firstReadyVersion()).isEqualTo(7);
        assertThat(state.isLateFirstLoad(0)).isFalse();
        assertThat(state.isLateFirstLoad(1)).isTrue();
        load(1);
        assertThat(state.isLateFirstLoad(1)).isFalse();
        assertThat(state.isEveryPartitionLoadedOnce()).isFalse();
    }

    @Test
    void firstReady_unreachablePartition_isNotBeforeThreeSeconds() {
        load(0);
        ticker.advance(Duration.ofSeconds(3).minusNanos(1));
        state.becomeReadyWithoutUnreachable();
        assertThat(state.status().isReady()).isFalse();

        ticker.advance(Duration.ofNanos(1));
        state.becomeReadyWithoutUnreachable();
        assertThat(state.status().isReady()).isTrue();
    }

    @Test
    void closedCollector_viewIsUnchanged() {
        load(0, 1, 2);
        state.onClosed();
        state.onDisconnected(0);

        assertThat(state.onRequestFailed(1, state.subscriptionId(1), ticker.getAsLong()))
                .isFalse();
        assertThat(state.status().isComplete()).isTrue();
    }

    @Test
    void randomEvents_statusMatchesThePartitions() {
        Random random = new Random(13);
        for (int i = 0; i < 5_000; i++) {
            int partition = random.nextInt(3);
            long id = state.subscriptionId(partition);
            switch (random.nextInt(6)) {
                case 0 -> assertThat(state.onSubscribed(partition)).isEqualTo(id + 1);
                case 1 -> state.onDisconnected(partition);
                case 2 -> state.onRequestFailed(partition, id - random.nextInt(2), ticker.getAsLong());
                default -> state.onLoaded(partition, id - random.nextInt(4) / 3);
            }
            ticker.advance(Duration.ofMillis(random.nextInt(3)));

            ViewStatus status = state.status();
            long connected = state.partitionStatuses().stream()
                    .filter(each -> each.state().equals("connected"))
                    .count();
            assertThat(status.disconnected()).isEqualTo(3 - connected);
            assertThat(status.isReady()).isEqualTo(state.firstReadyVersion() == 7 && connected > 0);
            assertThat(status.staleFor())
                    .isEqualTo(state.partitionStatuses().stream()
                            .map(PartitionStatus::staleFor)
                            .max(Duration::compareTo)
                            .orElseThrow());
            for (int each = 0; each < 3; each++) {
                assertThat(state.isReady(each))
                        .isEqualTo(state.partitionStatuses().get(each).state().equals("connected"));
            }
        }
    }
}
