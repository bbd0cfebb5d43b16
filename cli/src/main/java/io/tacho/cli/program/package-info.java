// SPDX-License-Identifier: Apache-2.0
/** The command line of Tacho's programs: what they share of options, environment, errors and logging. */
@NullMarked
package io.tacho.cli.program;

import org.jspecify.annotations.NullMarked;
