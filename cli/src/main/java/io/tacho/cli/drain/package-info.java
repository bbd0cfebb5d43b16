// SPDX-License-Identifier: Apache-2.0
/** The subcommands {@code drain} and {@code undrain}: an HTTP client of an aggregator that changes the state of a node. */
@NullMarked
package io.tacho.cli.drain;

import org.jspecify.annotations.NullMarked;
