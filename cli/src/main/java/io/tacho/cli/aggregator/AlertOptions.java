// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.alert.rule.AlertRules;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for alerts. */
final class AlertOptions {

    @Option(
            names = "--alerts",
            paramLabel = "FILE",
            description = "File with rules for alerts, the same at all aggregators (default: none).")
    private @Nullable Path file;

    @Option(
            names = "--check-alerts",
            paramLabel = "FILE",
            description = "Reads such a file, prints how it is understood, and ends (default: none).")
    private @Nullable Path checked;

    /**
     * What the file says.
     *
     * @throws IllegalArgumentException with every mistake in it
     */
    AlertRules rules() {
        return file == null ? AlertRules.NONE : AlertRules.read(file);
    }

    /** Whether there is a file to be read and nothing else to be done. */
    boolean isCheck() {
        return checked != null;
    }

    /** @throws IllegalArgumentException with every mistake in the file */
    void check(PrintWriter out) {
        if (checked != null) {
            AlertRules.read(checked).lines().forEach(out::println);
            out.flush();
        }
    }
}
