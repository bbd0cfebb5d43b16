// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.alert.rule.AlertConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command-line options for alerts. */
final class AlertOptions {

    @Option(
            names = "--alerts",
            paramLabel = "FILE",
            description = "File with alert rules, the same at all aggregators (default: none).")
    private @Nullable Path file;

    @Option(
            names = "--check-alerts",
            paramLabel = "FILE",
            description = "Validates an alert file, prints its rules, and exits (default: none).")
    private @Nullable Path checked;

    /**
     * Returns the rules of the file.
     *
     * @throws IllegalArgumentException listing every error in the file
     */
    AlertConfig rules() {
        return file == null ? AlertConfig.NONE : AlertConfig.read(file);
    }

    /** {@return true if the program only validates a file} */
    boolean isCheck() {
        return checked != null;
    }

    /**
     * Prints the rules of the file to validate.
     *
     * @throws IllegalArgumentException listing every error in the file
     */
    void check(PrintWriter out) {
        if (checked != null) {
            AlertConfig.read(checked).toLines().forEach(out::println);
            out.flush();
        }
    }
}
