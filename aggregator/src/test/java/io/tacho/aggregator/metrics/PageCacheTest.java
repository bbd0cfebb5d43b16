// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageCacheTest {

    private static final int MIB = 1024 * 1024;

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> made = new ArrayList<>();
    private int pageBytes = 10;
    private final PageCache<String> cache = new PageCache<>(view, this::make, tasks::add, ticker);

    @BeforeEach
    void loadLargeCluster() {
        for (int i = 0; i < 1_000; i++) {
            view.onLoaded(Snapshots.stored("u" + i, 1));
        }
    }

    /** Each page takes 10 ms. */
    private ByteBuffer make(String key) {
        made.add(key);
        ticker.advance(Duration.ofMillis(10));
        if (key.equals("broken")) {
            throw new IllegalStateException("broken");
        }
        return ByteBuffer.allocate(pageBytes);
    }

    private CompletableFuture<ByteBuffer> get(String key) {
        return cache.get(key).toCompletableFuture();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void get_concurrentRequests_shareOnePage() {
        CompletableFuture<ByteBuffer> first = get("a");
        CompletableFuture<ByteBuffer> second = get("a");
        assertThat(first).isNotDone();
        runTasks();

        assertThat(made).containsExactly("a");
        assertThat(second.join()).isSameAs(first.join());
    }

    @Test
    void get_pageIsCachedForNineTimesItsCost() {
        get("a");
        runTasks();
        ticker.advance(Duration.ofMillis(89));
        assertThat(get("a")).isDone();

        ticker.advance(Duration.ofMillis(1));
        assertThat(get("a")).isNotDone();
        runTasks();
        assertThat(made).containsExactly("a", "a");
    }

    @Test
    void get_expiredPage_isReleased() {
        get("a");
        get("b");
        runTasks();
        assertThat(cache.bytes()).isEqualTo(20);

        ticker.advance(Duration.ofSeconds(1));
        get("c");
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void get_beyondTheLimit_evictsTheOldestPages() {
        pageBytes = 12 * MIB;
        for (String key : List.of("a", "b", "c")) {
            get(key);
            runTasks();
        }

        assertThat(cache.bytes()).isEqualTo(24 * MIB);
        assertThat(get("a")).isNotDone();
        assertThat(get("b")).isDone();
        assertThat(get("c")).isDone();
    }

    @Test
    void get_pageLargerThanTheLimit_isCachedAlone() {
        get("a");
        runTasks();
        pageBytes = 40 * MIB;
        get("b");
        runTasks();

        assertThat(cache.bytes()).isEqualTo(40 * MIB);
        assertThat(get("b")).isDone();
    }

    @Test
    void get_afterAFailure_retries() {
        CompletableFuture<ByteBuffer> failed = get("broken");
        runTasks();
        assertThatThrownBy(failed::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class);

        get("broken");
        runTasks();
        assertThat(made).containsExactly("broken", "broken");
    }

    @Test
    void get_tooManyDifferentPages_areRejected() {
        for (int i = 0; i < PageCache.MAX_PENDING; i++) {
            get("page-" + i);
        }

        assertThatThrownBy(get("one-more")::join)
                .hasRootCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("too many different pages are waited for (expected: at most 16)");
        assertThat(get("page-3")).isNotDone();

        runTasks();
        assertThat(get("one-more")).isNotDone();
    }
}
