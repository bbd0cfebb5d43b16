// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.util.Map;
import picocli.CommandLine.Command;

/** Options of a command line that has nothing else. */
public final class ParsedOptions {

    @Command(name = "sample")
    private static final class Sample implements Runnable {
        @Override
        public void run() {}
    }

    private ParsedOptions() {}

    /** Sets options from a command line and its environment. */
    public static <T> T parse(T options, Map<String, String> environment, String... arguments) {
        Program.commandLine(new Sample(), environment)
                .addMixin("options", options)
                .parseArgs(arguments);
        return options;
    }
}
