// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP server: listening, TLS, connections and their timeouts.
 *
 * <p>Data flow: socket → {@code HttpConnection} → {@code http.message} (request) → {@code Dispatcher} → {@code http.routing}
 * → {@code http.endpoint} → response → socket.
 *
 * <p>A connection has one request at a time. {@code TimeoutSweep} closes connections that exceed their {@code Timeouts}.
 */
@NullMarked
package io.tacho.aggregator.http;

import org.jspecify.annotations.NullMarked;
