// SPDX-License-Identifier: Apache-2.0
/**
 * What all subcommands share: options, settings, errors, logging and signals.
 *
 * <p>Data flow: command line, environment and the file of {@code ConfigOptions} → {@code Settings} → {@code Program}, which parses the
 * options of a command, reports invalid ones with their origin, sets up the log ({@code LogOptions}, {@code ProgramLog}) and runs the
 * command. {@code EffectiveSettings} prints the result of {@code --print-config}; {@code Reload} applies changed settings on SIGHUP.
 */
@NullMarked
package io.tacho.cli.program;

import org.jspecify.annotations.NullMarked;
