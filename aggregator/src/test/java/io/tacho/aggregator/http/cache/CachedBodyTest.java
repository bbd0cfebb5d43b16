// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.ETag;
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
    private static final long TIMEOUT_SECONDS = 60;

    private final AtomicLong clock = new AtomicLong();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), clock::get, 1_000);
    /** Blocks the third reading of the clock, which is made by the building thread, until it is completed. */
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    private final CountDownLatch building = new CountDownLatch(1);
    private final ThreadLocal<Integer> clockReads = ThreadLocal.withInitial(() -> 0);

    private final CompletableFuture<Long> version = new CompletableFuture<>();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final CachedBody body = new CachedBody(
            new StatsResponse(view), null, new RetainedBodyBudget(clock::get), background::add, this::now);

    private long now() {
        clockReads.set(clockReads.get() + 1);
        if (clockReads.get() > 2 && !held.isDone()) {
            building.countDown();
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
            view.onLoaded(Snapshots.stored(String.format("00000000-0000-4000-8000-%012d", i), seq));
        }
    }

    private long version() {
        Lease lease = body.acquire();
        lease.body().release();
        return lease.version();
    }

    @Test
    void acquire_smallBody_isCurrent() {
        load(2, SEQ);
        assertThat(version()).isEqualTo(2);
        load(2, SEQ + 1);
        assertThat(version()).isEqualTo(4);
    }

    @Test
    void acquire_largeBody_isRebuiltAfterTheBackgroundTime() {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(35));
        assertThat(version()).isEqualTo(1_000);
    }

    @Test
    void acquire_largeBody_isReusedForSomeTime() {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(24));
        assertThat(version()).isEqualTo(500);
        assertThat(background).isEmpty();
    }

    @Test
    void acquire_etag_coversAllBytes() {
        load(500, SEQ);
        Lease lease = body.acquire();
        assertThat(lease.tag()).isEqualTo(ETag.of(ByteBufUtil.getBytes(lease.body())));
        lease.release();
    }

    @Test
    void acquire_replacedBody_isUnchangedWhileItIsRead() {
        load(500, SEQ);
        Lease read = body.acquire();
        byte[] bytes = ByteBufUtil.getBytes(read.body());
        for (int i = 1; i <= 3; i++) {
            load(500, SEQ + i);
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(35));
            assertThat(version()).isEqualTo(500 + 500 * i);
        }
        assertThat(ByteBufUtil.getBytes(read.body())).isEqualTo(bytes);
        read.release();
    }

    @Test
    void acquire_expiredLargeBody_isReturnedWhileTheNextIsBuilt() {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(34));
        assertThat(version()).isEqualTo(500);
        assertThat(version()).isEqualTo(500);

        assertThat(background).as("scheduled once").hasSize(1);
        background.remove().run();
        assertThat(version()).isEqualTo(1_000);
        assertThat(background).isEmpty();
    }

    @Test
    void close_bodyBuiltInTheBackground_isReleased() {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(25));
        assertThat(version()).isEqualTo(500);

        body.close();
        background.remove().run();
        assertThatThrownBy(body::acquire).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void acquire_whileTheNextIsBuilt_returnsTheLast() throws Exception {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(35));
        held = new CompletableFuture<>();
        CompletableFuture<Long> builder = CompletableFuture.supplyAsync(this::version);
        assertThat(building.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(CompletableFuture.supplyAsync(
                                () -> {
                                    clockReads.set(Integer.MIN_VALUE);
                                    return version();
                                },
                                task -> new Thread(task, "other").start())
                        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(500);

        held.complete(null);
        assertThat(builder.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(1_000);
        assertThat(version()).isEqualTo(1_000);
    }

    /** After a pause, so that clients that poll at the same time get no body from before it. */
    @Test
    void acquire_whileTheNextIsBuilt_waitsIfTheLastIsOld() throws Exception {
        load(500, SEQ);
        assertThat(version()).isEqualTo(500);
        load(500, SEQ + 1);
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(125));
        held = new CompletableFuture<>();
        CompletableFuture<Long> builder = CompletableFuture.supplyAsync(this::version);
        assertThat(building.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        Thread other = new Thread(() -> {
            clockReads.set(Integer.MIN_VALUE);
            version.complete(version());
        });
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);

        held.complete(null);

        assertThat(version.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(1_000);
        assertThat(builder.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(1_000);
    }

    @Test
    void acquireIfNewer_unchanged_returnsNull() {
        load(2, SEQ);
        Lease lease = body.acquire();
        lease.body().release();
        assertThat(body.acquireIfNewer(lease)).isNull();
    }
}
