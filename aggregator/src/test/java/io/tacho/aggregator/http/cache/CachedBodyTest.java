// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.Snapshots;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedBodyTest {

    private static final long SEQ = 1_795_368_000_000L;
    private static final long PATIENCE_SECONDS = 60;

    private final AtomicLong clock = new AtomicLong();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), clock::get, 1_000);
    /** While it is there, who looks at the clock a third time, which is who makes a version, is held up. */
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    private final CountDownLatch making = new CountDownLatch(1);
    private final ThreadLocal<Integer> looks = ThreadLocal.withInitial(() -> 0);

    private final Queue<Runnable> beside = new ArrayDeque<>();
    private final CachedBody body =
            new CachedBody(new StatsResponse(view), null, new RetainedBodyBudget(), null, beside::add, this::now);

    private long now() {
        looks.set(looks.get() + 1);
        if (looks.get() > 2 && !held.isDone()) {
            making.countDown();
            held.join();
        }
        return clock.get();
    }

    @AfterEach
    void close() {
        body.close();
    }

    private void load(int nodes, long seq) {
        for (int i = 0; i < nodes; i++) {
            view.loaded(Snapshots.stored(String.format("00000000-0000-4000-8000-%012d", i), seq));
        }
    }

    private long number() {
        CachedBody.Version version = body.acquire();
        version.body().release();
        return version.number();
    }

    @Test
    void acquire_smallIsOfTheMoment() {
        load(2, SEQ);
        assertThat(number()).isEqualTo(2);
        load(2, SEQ + 1);
        assertThat(number()).isEqualTo(4);
    }

    @Test
    void acquire_largeIsOldForAShortTimeOnly() {
        load(500, SEQ);
        assertThat(number()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(number()).isEqualTo(1_000);
    }

    @Test
    void acquire_largeIsMadeBesideWhileItIsYoung() {
        load(500, SEQ);
        assertThat(number()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(9));
        assertThat(number()).isEqualTo(500);
        assertThat(number()).isEqualTo(500);

        assertThat(beside).as("it is asked for once").hasSize(1);
        beside.remove().run();
        assertThat(number()).isEqualTo(1_000);
        assertThat(beside).isEmpty();
    }

    @Test
    void close_whatIsMadeBesideIsLetGoOf() {
        load(500, SEQ);
        assertThat(number()).isEqualTo(500);
        load(500, SEQ + 1);
        assertThat(number()).isEqualTo(500);

        body.close();
        beside.remove().run();
        assertThatThrownBy(body::acquire).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void acquire_whileTheNextIsMadeTheLastIsGiven() throws Exception {
        load(500, SEQ);
        assertThat(number()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        held = new CompletableFuture<>();
        CompletableFuture<Long> maker = CompletableFuture.supplyAsync(this::number);
        assertThat(making.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(CompletableFuture.supplyAsync(
                                () -> {
                                    looks.set(Integer.MIN_VALUE);
                                    return number();
                                },
                                task -> new Thread(task, "other").start())
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(500);

        held.complete(null);
        assertThat(maker.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1_000);
        assertThat(number()).isEqualTo(1_000);
    }

    @Test
    void acquireIfNewer_unchangedIsNull() {
        load(2, SEQ);
        CachedBody.Version version = body.acquire();
        version.body().release();
        assertThat(body.acquireIfNewer(version)).isNull();
    }
}
