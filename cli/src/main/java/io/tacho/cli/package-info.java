// SPDX-License-Identifier: Apache-2.0
/**
 * The program {@code tacho}.
 *
 * <p>Data flow: command line → {@code Tacho} → the subcommand that the first argument names, in a package of its own → {@code
 * io.tacho.cli.program}, which parses its options and runs it. Only the classes of that subcommand are loaded.
 */
@NullMarked
package io.tacho.cli;

import org.jspecify.annotations.NullMarked;
