// SPDX-License-Identifier: Apache-2.0
/** {@code ./tacho bench}: what an aggregator answers and takes in, beside a static file of nginx and readers of Redis. */
@NullMarked
package io.tacho.cli.bench;

import org.jspecify.annotations.NullMarked;
