// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {

    private final ManualScheduler scheduler = new ManualScheduler(Instant.EPOCH);
    private final List<String> runs = new ArrayList<>();

    private Runnable record(String name) {
        return () -> runs.add(name + "@" + scheduler.instant().getEpochSecond());
    }

    @Test
    void execute_runsWithPendingTasks() {
        scheduler.execute(record("a"));
        assertThat(runs).isEmpty();

        scheduler.runPending();

        assertThat(runs).containsExactly("a@0");
    }

    @Test
    void advance_runsTasksInOrderOfTime() {
        scheduler.schedule(record("b"), 2, SECONDS);
        scheduler.schedule(record("a"), 1, SECONDS);
        scheduler.schedule(record("c"), 2, SECONDS);
        scheduler.schedule(record("later"), 4, SECONDS);

        scheduler.advance(Duration.ofSeconds(3));

        assertThat(runs).containsExactly("a@1", "b@2", "c@2");
    }

    @Test
    void advance_runsTasksSubmittedByTasks() {
        scheduler.schedule(() -> scheduler.schedule(record("inner"), 1, SECONDS), 1, SECONDS);

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(runs).containsExactly("inner@2");
    }

    @Test
    void scheduleAtFixedRate_repeatsUntilCancelled() {
        Future<?> task = scheduler.scheduleAtFixedRate(record("tick"), 1, 2, SECONDS);
        scheduler.advance(Duration.ofSeconds(5));

        task.cancel(false);

        scheduler.advance(Duration.ofSeconds(5));
        assertThat(runs).containsExactly("tick@1", "tick@3", "tick@5");
        assertThat(scheduler.size()).isZero();
    }

    @Test
    void scheduleWithFixedDelay_repeatsAfterDelay() {
        scheduler.scheduleWithFixedDelay(record("tick"), 0, 2, SECONDS);

        scheduler.advance(Duration.ofSeconds(4));

        assertThat(runs).containsExactly("tick@0", "tick@2", "tick@4");
    }

    @Test
    void repeatedTask_thatFails_isNotRepeated() {
        Future<?> task = scheduler.scheduleAtFixedRate(
                () -> {
                    throw new IllegalStateException("expected");
                },
                1,
                1,
                SECONDS);

        scheduler.advance(Duration.ofSeconds(3));

        assertThatThrownBy(task::get).hasRootCauseMessage("expected");
        assertThat(scheduler.size()).isZero();
    }

    @Test
    void submit_returnsResult() throws Exception {
        Future<String> result = scheduler.submit(() -> "done");

        scheduler.runPending();

        assertThat(result.get()).isEqualTo("done");
    }

    @Test
    void shutdown_rejectsNewTasks_cancelsRepeatedOnes() {
        scheduler.scheduleAtFixedRate(record("tick"), 1, 1, SECONDS);
        scheduler.schedule(record("last"), 1, SECONDS);

        scheduler.shutdown();

        assertThatThrownBy(() -> scheduler.execute(record("new"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(scheduler.awaitTermination(1, SECONDS)).isTrue();
        assertThat(runs).containsExactly("last@1");
    }

    @Test
    void shutdown_runsDueTasks() {
        scheduler.execute(record("due"));

        scheduler.shutdown();

        assertThat(runs).containsExactly("due@0");
    }

    @Test
    void shutdownNow_returnsWaitingTasks() {
        scheduler.schedule(record("never"), 1, SECONDS);

        assertThat(scheduler.shutdownNow()).hasSize(1);

        assertThat(scheduler.isTerminated()).isTrue();
    }
}
