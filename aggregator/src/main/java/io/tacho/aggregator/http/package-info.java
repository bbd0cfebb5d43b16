// SPDX-License-Identifier: Apache-2.0
/** The HTTP server: listening, TLS, connections and their timeouts. */
@NullMarked
package io.tacho.aggregator.http;

import org.jspecify.annotations.NullMarked;
