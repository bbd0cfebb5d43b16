// SPDX-License-Identifier: Apache-2.0
/**
 * Routes and access control.
 *
 * <p>Data flow: request → {@code Router} finds the {@code Endpoint} and its {@code Role} → {@code AccessControl} checks key,
 * address and host → endpoint.
 *
 * <p>{@code RateLimiter} limits wrong keys per address, {@code TrustedProxies} finds the client's address, {@code Cors} adds
 * headers.
 */
@NullMarked
package io.tacho.aggregator.http.routing;

import org.jspecify.annotations.NullMarked;
