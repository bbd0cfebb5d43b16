// SPDX-License-Identifier: Apache-2.0
/**
 * Subcommands of this program as child processes, for {@code demo} and {@code bench}.
 *
 * <p>Data flow: name of a subcommand → {@code TachoCommand} → command line of a JVM that runs it.
 */
@NullMarked
package io.tacho.cli.process;

import org.jspecify.annotations.NullMarked;
