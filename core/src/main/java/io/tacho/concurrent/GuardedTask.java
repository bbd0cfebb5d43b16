// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.function.Consumer;

/**
 * A task that never throws: a failure, errors included, goes to a handler. A scheduler would otherwise never run the task
 * again.
 *
 * @param task what to run
 * @param onFailure receives what the task throws
 */
public record GuardedTask(Runnable task, Consumer<Throwable> onFailure) implements Runnable {

    @Override
    public void run() {
        try {
            task.run();
        } catch (Throwable e) {
            onFailure.accept(e);
        }
    }
}
