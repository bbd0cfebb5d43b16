// SPDX-License-Identifier: Apache-2.0
/**
 * The endpoints: each makes the responses to the requests of its paths.
 *
 * <p>Data flow: {@code Endpoints} registers all routes → {@code StatsEndpoint}, {@code EventsEndpoint}, {@code
 * HistoryEndpoint}, … → {@code api}, {@code events}, {@code metrics}, {@code centrifugo}.
 *
 * <p>{@code openapi.json} next to this package describes all of them; a test compares it with the responses.
 */
@NullMarked
package io.tacho.aggregator.http.endpoint;

import org.jspecify.annotations.NullMarked;
