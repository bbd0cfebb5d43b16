// SPDX-License-Identifier: Apache-2.0
/**
 * Response bodies that are made once for many requests.
 *
 * <p>Data flow: request → {@code ResponseCache} → {@code Lease} of the current {@code CachedBody} → response; a body is
 * released after its last lease.
 *
 * <p>{@code RetainedBodyBudget} bounds the memory of outdated bodies that slow readers hold. {@code CachedGzip} compresses a
 * body at most once.
 */
@NullMarked
package io.tacho.aggregator.http.cache;

import org.jspecify.annotations.NullMarked;
