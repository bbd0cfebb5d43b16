// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.io.IOException;

/** Signals to processes that Java cannot send itself. */
public final class Signals {

    private Signals() {}

    /**
     * Sends a signal.
     *
     * @param signal e.g. {@code STOP}, {@code CONT}
     */
    public static void send(String signal, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
