// SPDX-License-Identifier: Apache-2.0
/** The aggregator as a subcommand. */
@NullMarked
package io.tacho.cli.aggregator;

import org.jspecify.annotations.NullMarked;
