// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncLimitTest {

    private final AsyncLimit limit = new AsyncLimit(2);
    private final List<CompletableFuture<String>> started = new ArrayList<>();

    private CompletableFuture<String> run() {
        return limit.run(() -> {
                    started.add(new CompletableFuture<>());
                    return started.get(started.size() - 1);
                })
                .toCompletableFuture();
    }

    @Test
    void operationsAboveLimit_waitUntilOneCompletesOrFails() {
        CompletableFuture<String> first = run();
        CompletableFuture<String> second = run();
        CompletableFuture<String> third = run();
        CompletableFuture<String> fourth = run();
        assertThat(started).hasSize(2);

        started.get(1).complete("b");
        assertThat(second).isCompletedWithValue("b");
        assertThat(started).hasSize(3);
        started.get(0).completeExceptionally(new IllegalStateException("a"));
        assertThat(first).isCompletedExceptionally();
        assertThat(started).hasSize(4);
        started.get(2).complete("c");
        started.get(3).complete("d");

        assertThat(third).isCompletedWithValue("c");
        assertThat(fourth).isCompletedWithValue("d");
    }

    @Test
    void operationThatThrows_fails_releasesPermit() {
        for (int i = 0; i < 3; i++) {
            assertThat(limit.run(() -> {
                                throw new IllegalStateException("a");
                            })
                            .toCompletableFuture())
                    .isCompletedExceptionally();
        }
        run();
        assertThat(started).hasSize(1);
    }
}
