// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import picocli.CommandLine.Option;

/**
 * The options that describe a program: {@link Program} gives them to every command. Picocli's own have variables in their names,
 * which stay unresolved where values may hold a dollar and a brace.
 */
@SuppressWarnings("UnusedVariable") // picocli sets and reads them
final class HelpOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    private boolean version;
}
