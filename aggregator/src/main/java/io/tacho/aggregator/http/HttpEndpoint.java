// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;

/** Answers the requests for one path, from memory: never blocks, for it runs on the event loop. */
interface HttpEndpoint {

    HttpAnswer answer(FullHttpRequest request, QueryStringDecoder uri);
}
