// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

/** What an endpoint answers: all of it at once, all of it later, or the connection as a stream. */
public sealed interface Response permits FullResponse, CachedResponse, AsyncResponse, StreamingResponse {}
