// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Handles SIGHUP, which is sent to read settings again, and when the terminal has gone. If the program had a terminal that
 * has gone, it ends, as it would without a handler. Where the signal is ignored
 * ({@code nohup}), the JVM leaves it so, and nothing is read again.
 *
 * <p>Thread safety: safe.
 */
public final class SighupHandler {

    /** 128 and the signal's number: as the JVM ends itself. */
    private static final int STATUS = 129;

    private static final SighupHandler INSTANCE = new SighupHandler();

    private boolean isInstalled;
    private boolean isPending;
    private @Nullable Runnable action;

    private SighupHandler() {}

    /** Holds SIGHUP back from now on: during the start it does not end the program, and takes effect afterwards. */
    public static void defer() {
        INSTANCE.install();
    }

    /** Runs the action on each SIGHUP from now on, and now if one was held back. */
    static void on(Runnable action) {
        INSTANCE.install();
        INSTANCE.start(action);
    }

    private synchronized void install() {
        if (!isInstalled) {
            isInstalled = true;
            boolean begunOnTerminal = hasTerminal();
            Signals.on("HUP", () -> received(begunOnTerminal));
        }
    }

    private void received(boolean begunOnTerminal) {
        if (begunOnTerminal && !hasTerminal()) {
            System.exit(STATUS);
        }
        run();
    }

    private synchronized void run() {
        isPending = action == null;
        if (action != null) {
            action.run();
        }
    }

    private synchronized void start(Runnable started) {
        action = started;
        if (isPending) {
            run();
        }
    }

    private static boolean hasTerminal() {
        try (FileChannel terminal = FileChannel.open(Path.of("/dev/tty"), StandardOpenOption.READ)) {
            return terminal.isOpen();
        } catch (IOException e) {
            return false;
        }
    }
}
