// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.cli.log.LogFormat;
import io.tacho.cli.log.LogLevel;
import io.tacho.cli.log.ProgramLog;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for logging: {@link Program} gives them to every command. */
final class LogOptions {

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "text for people, json for programs: one object a line (default: text).")
    private LogFormat format = LogFormat.TEXT;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            split = ",",
            description = "trace, debug, info, warn, error or off; of one logger and all below it:"
                    + " io.tacho.redis=debug; repeatable, or separated by commas (default: info).")
    private List<LogLevel> levels = new ArrayList<>(List.of(LogLevel.DEFAULT));

    /** Applies the levels; returns a description of the changes. */
    String applyLevels() {
        return ProgramLog.current().levels(levels);
    }

    void apply() {
        ProgramLog.current().configure(format, levels);
    }
}
