// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrentTest {

    private final ScheduledExecutorService scheduler = DaemonThreads.scheduler("some-name");
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final GuardedExecutor executor = new GuardedExecutor(scheduler, failures::add);
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
    }

    @Test
    void daemonThreads_areNamed_doNotKeepJvmAlive() throws Exception {
        Thread thread = DaemonThreads.named("some-name").newThread(() -> {});
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("some-name");

        scheduler.execute(() -> ran.add(Thread.currentThread().getName()));
        DaemonThreads.start("another", () -> ran.add(Thread.currentThread().getName()));

        assertThat(List.of(ran.take(), ran.take())).containsExactlyInAnyOrder("some-name", "another");
    }

    @Test
    void guardedTask_reportsAnyFailure() {
        Error error = new StackOverflowError();
        new GuardedTask(
                        () -> {
                            throw error;
                        },
                        failures::add)
                .run();

        assertThat(failures).containsExactly(error);
    }

    @Test
    void executor_fixedDelayTaskThatFails_isRepeated() throws Exception {
        executor.repeat(this::runAndFail, Duration.ZERO, Duration.ofNanos(1));

        ran.take();
        ran.take();
        assertThat(failures).isNotEmpty().allMatch(IllegalStateException.class::isInstance);
    }

    @Test
    void executor_fixedRateTaskThatFails_isRepeated() throws Exception {
        executor.repeatAtFixedRate(this::runAndFail, Duration.ofNanos(1));

        ran.take();
        ran.take();
        assertThat(failures).isNotEmpty();
    }

    @Test
    void executor_runsTasksImmediatelyAndDelayed() throws Exception {
        executor.execute(() -> ran.add("now"));
        executor.schedule(() -> ran.add("later"), Duration.ofMillis(1));

        assertThat(List.of(ran.take(), ran.take())).containsExactly("now", "later");
    }

    @Test
    void executor_afterShutdown_discardsTasks() {
        scheduler.shutdownNow();

        assertThatCode(() -> {
                    executor.execute(() -> ran.add("too late"));
                    executor.schedule(() -> ran.add("too late"), Duration.ZERO);
                })
                .doesNotThrowAnyException();
        assertThat(ran).isEmpty();
        assertThat(failures).isEmpty();
    }

    private void runAndFail() {
        ran.add("run");
        throw new IllegalStateException("every time");
    }

    @Test
    void unwrap_removesOnlyWrapperExceptions() {
        IOException failure = new IOException("found", new IllegalStateException("deeper"));

        assertThat(Failures.unwrap(failure)).isSameAs(failure);
        assertThat(Failures.unwrap(new CompletionException(new ExecutionException(failure))))
                .isSameAs(failure);
        CompletionException bare = new CompletionException("without a cause", null);
        assertThat(Failures.unwrap(bare)).isSameAs(bare);
    }

    @Test
    void message_isMessageOrClassOfUnwrappedFailure() throws Exception {
        assertThat(Failures.message(new CompletionException(new IOException("found"))))
                .isEqualTo("found");
        assertThat(Failures.message(new IOException())).isEqualTo("IOException");

        CompletableFuture<Void> failed = CompletableFuture.failedFuture(new IOException("in a stage"));
        try {
            failed.thenApply(done -> done).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(Failures.message(e)).isEqualTo("in a stage");
        }
    }

    @Test
    void rateLimitedLog_logsOncePerMinuteAndKind() {
        ManualTicker ticker = new ManualTicker();
        RateLimitedLog log = new RateLimitedLog(ticker);
        assertThat(log.isDue("a")).isTrue();
        assertThat(log.isDue("a")).isFalse();
        assertThat(log.isDue("b")).isTrue();

        ticker.advance(Duration.ofMinutes(1));

        assertThat(log.isDue("a")).isTrue();
        assertThat(log.isDue("a")).isFalse();
    }
}
