// SPDX-License-Identifier: Apache-2.0
/** {@code ./tacho bench}: measures the responses and the ingest of an aggregator, beside a static file of nginx and readers of Redis. */
@NullMarked
package io.tacho.cli.bench;

import org.jspecify.annotations.NullMarked;
