// SPDX-License-Identifier: Apache-2.0
/** The cluster in a terminal, over the HTTP API of an aggregator: {@code top} and {@code stats}. */
@NullMarked
package io.tacho.cli.terminal;

import org.jspecify.annotations.NullMarked;
