// SPDX-License-Identifier: Apache-2.0
/** The agent as a subcommand. */
@NullMarked
package io.tacho.cli.agent;

import org.jspecify.annotations.NullMarked;
