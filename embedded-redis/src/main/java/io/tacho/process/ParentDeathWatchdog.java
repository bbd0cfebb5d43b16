// SPDX-License-Identifier: Apache-2.0
package io.tacho.process;

import java.io.IOException;

/**
 * Ends a child process when this JVM has ended, also when it was killed.
 *
 * <p>A shell waits on a pipe that only this JVM holds; when the pipe ends, it ends the child.
 */
public final class ParentDeathWatchdog implements AutoCloseable {

    private final Process shell;

    private ParentDeathWatchdog(Process shell) {
        this.shell = shell;
    }

    /** Starts to watch. Close it before the child is waited for: afterwards its process id may be another's. */
    public static ParentDeathWatchdog watch(Process child) throws IOException {
        String wait = "trap '' INT TERM HUP; read _; kill " + child.pid();
        return new ParentDeathWatchdog(new ProcessBuilder("/bin/sh", "-c", wait)
                .redirectErrorStream(true)
                .start());
    }

    /** Stops watching; the child stays as it is. */
    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
