// SPDX-License-Identifier: Apache-2.0
/**
 * The server API of Centrifugo 1.x, including the behavior that comes from Go's standard library.
 *
 * <p>Data flow: request body → {@code GoForm} or JSON → {@code V1Command}s → {@code V1Api} → response, byte for byte as the
 * original.
 *
 * <p>Only {@code stats} and {@code node} are supported; other methods return "not available".
 */
@NullMarked
package io.tacho.aggregator.centrifugo.v1;

import org.jspecify.annotations.NullMarked;
