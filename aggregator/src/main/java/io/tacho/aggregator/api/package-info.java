// SPDX-License-Identifier: Apache-2.0
/**
 * The JSON of the HTTP API, as bytes. This package knows nothing of connections.
 *
 * <p>Data flow: view, totals, history, membership → {@code StatsResponse}, {@code ClusterResponse}, {@code HistoryResponse},
 * … → bytes. {@code StatsQuery}, {@code HistoryQuery} and {@code NodeFilter} parse query parameters.
 *
 * <p>Errors state the found and the expected value.
 */
@NullMarked
package io.tacho.aggregator.api;

import org.jspecify.annotations.NullMarked;
