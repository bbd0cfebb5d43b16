// SPDX-License-Identifier: Apache-2.0
package io.tacho.embedded;

import java.io.IOException;

/**
 * Ties a child process to this JVM: when the JVM is gone, however it went, the child is ended.
 *
 * <p>A shell waits on a pipe that only this JVM holds; when the pipe ends, it ends the child.
 */
public final class Leash implements AutoCloseable {

    private final Process shell;

    private Leash(Process shell) {
        this.shell = shell;
    }

    /** Ties the child. Untie it before its end is waited for: afterwards its process id may be another's. */
    public static Leash on(Process child) throws IOException {
        String wait = "trap '' INT TERM HUP; read _; kill " + child.pid();
        return new Leash(new ProcessBuilder("/bin/sh", "-c", wait)
                .redirectErrorStream(true)
                .start());
    }

    /** Unties the child. */
    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
