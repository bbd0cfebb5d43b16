// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a host's code on another thread, one call at a time: code that blocks delays a beat once, and only up to a limit.
 *
 * <p>Thread safety: one caller at a time.
 */
final class HostCall<T> {

    private final Supplier<T> code;
    private final Executor executor;
    private @Nullable CompletableFuture<T> running;
    private boolean blocked;

    HostCall(Supplier<T> code, Executor executor) {
        this.code = code;
        this.executor = executor;
    }

    /** Begins a call, unless the last one has not returned. */
    void begin() {
        if (running == null) {
            running = new CompletableFuture<>();
            CompletableFuture<T> result = running;
            try {
                executor.execute(() -> {
                    try {
                        result.complete(code.get());
                    } catch (Throwable e) {
                        // a host's code may throw anything, errors too
                        result.completeExceptionally(e);
                    }
                });
            } catch (Throwable e) {
                // an executor may be unable to create a thread, which is an error
                result.completeExceptionally(e);
            }
        }
    }

    /**
     * Waits for the result of the call that has begun; not at all for a call that has been waited for before.
     *
     * @param deadlineNanos by {@link System#nanoTime()}
     * @throws TimeoutException if the call has not returned
     * @throws ExecutionException with what the host's code threw
     */
    T await(long deadlineNanos) throws TimeoutException, ExecutionException, InterruptedException {
        CompletableFuture<T> result = running;
        if (result == null) {
            throw new IllegalStateException("no call has begun");
        }
        long wait = blocked ? 0 : Math.max(0, deadlineNanos - System.nanoTime());
        try {
            T value = result.get(wait, TimeUnit.NANOSECONDS);
            running = null;
            blocked = false;
            return value;
        } catch (ExecutionException e) {
            running = null;
            blocked = false;
            throw e;
        } catch (TimeoutException e) {
            blocked = true;
            throw e;
        }
    }
}
