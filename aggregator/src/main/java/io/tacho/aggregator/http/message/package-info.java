// SPDX-License-Identifier: Apache-2.0
/**
 * Requests, responses and their encoding.
 *
 * <p>Data flow: bytes → {@code RequestDecoder} → {@code Request}. {@code Response} → {@code
 * ResponseWriter} → bytes. A response is full, cached, async or streaming.
 *
 * <p>The decoder rejects ambiguous requests. All sizes are bounded.
 */
@NullMarked
package io.tacho.aggregator.http.message;

import org.jspecify.annotations.NullMarked;
