// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

/** The response of an endpoint: full, cached, asynchronous or streaming. */
public sealed interface Response permits FullResponse, CachedResponse, AsyncResponse, StreamingResponse {}
