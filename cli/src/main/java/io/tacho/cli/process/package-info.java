// SPDX-License-Identifier: Apache-2.0
/** Subcommands as child processes. */
@NullMarked
package io.tacho.cli.process;

import org.jspecify.annotations.NullMarked;
