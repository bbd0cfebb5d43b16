// SPDX-License-Identifier: Apache-2.0
/**
 * The server API of Centrifugo 2 to 6.
 *
 * <p>Data flow: request body → {@code InfoCommand}s → {@code InfoApi} → {@code InfoResponse}, with the metrics of {@code
 * InfoItems}.
 *
 * <p>Only {@code info} is supported; other methods return error 108.
 */
@NullMarked
package io.tacho.aggregator.centrifugo.v2;

import org.jspecify.annotations.NullMarked;
