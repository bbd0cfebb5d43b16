// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Handles SIGHUP, which is sent to read settings again, and when the terminal has gone. If the program had a terminal that
 * has gone, it ends, as it would without a handler. Where the signal is ignored
 * ({@code nohup}), the JVM leaves it so, and nothing is read again.
 */
final class SighupHandler {

    /** 128 and the signal's number: as the JVM ends itself. */
    private static final int STATUS = 129;

    private SighupHandler() {}

    static void on(Runnable action) {
        boolean begunOnTerminal = hasTerminal();
        Signals.on("HUP", () -> {
            if (begunOnTerminal && !hasTerminal()) {
                System.exit(STATUS);
            }
            action.run();
        });
    }

    private static boolean hasTerminal() {
        try (FileChannel terminal = FileChannel.open(Path.of("/dev/tty"), StandardOpenOption.READ)) {
            return terminal.isOpen();
        } catch (IOException e) {
            return false;
        }
    }
}
