// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Limits how many asynchronous operations run at the same time. Further ones wait, in their order, without a thread.
 *
 * <p>Thread safety: safe.
 */
public final class AsyncLimit {

    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int free;

    /** Creates a limit of the number of operations at a time. */
    public AsyncLimit(int operations) {
        free = operations;
    }

    /** Starts an operation, at once or when others have ended. */
    public <T> CompletionStage<T> run(Supplier<CompletionStage<T>> operation) {
        return acquire().thenCompose(acquired -> operation.get()).whenComplete((result, failure) -> release());
    }

    private synchronized CompletableFuture<Void> acquire() {
        if (free > 0) {
            free--;
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        return turn;
    }

    private void release() {
        CompletableFuture<Void> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.complete(null);
    }
}
