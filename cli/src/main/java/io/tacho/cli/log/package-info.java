// SPDX-License-Identifier: Apache-2.0
/**
 * The log of all subcommands: level and format.
 *
 * <p>Data flow: the options of the command → {@code ProgramLog}, which configures Logback → {@code TextLine} or {@code JsonLine}.
 */
@NullMarked
package io.tacho.cli.log;

import org.jspecify.annotations.NullMarked;
