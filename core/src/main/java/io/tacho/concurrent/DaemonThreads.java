// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** Named threads that do not keep the JVM alive. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /** {@return a factory of daemon threads, all with this name} */
    public static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@return a new scheduler with one daemon thread of this name} */
    public static ScheduledExecutorService scheduler(String name) {
        return Executors.newSingleThreadScheduledExecutor(named(name));
    }

    /** Starts a daemon thread of this name. */
    public static void start(String name, Runnable task) {
        named(name).newThread(task).start();
    }
}
