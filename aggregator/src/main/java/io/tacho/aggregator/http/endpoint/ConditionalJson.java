// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Request;

/** JSON with an ETag: compressed if the client accepts it, and 304 if the client has it. */
final class ConditionalJson {

    private ConditionalJson() {}

    static FullResponse of(Request request, byte[] json) {
        return of(request, json, FullResponse.JSON.value());
    }

    /** Returns a response of another type likewise; a cache distinguishes it by the header Accept. */
    static FullResponse of(Request request, byte[] json, String contentType) {
        ByteBuf body = Unpooled.wrappedBuffer(json);
        ETag tag = ETag.of(json);
        boolean compressed = body.readableBytes() >= Gzip.MIN_BYTES && Gzip.isAcceptedBy(request.headers());
        FullResponse response;
        if (tag.isIn(String.join(",", request.headers().getAll("If-None-Match")))) {
            response = FullResponse.empty(HttpResponseStatus.NOT_MODIFIED);
        } else if (compressed) {
            response = FullResponse.of(HttpResponseStatus.OK, contentType, Gzip.fast(body))
                    .with("Content-Encoding", "gzip");
        } else {
            response = FullResponse.of(HttpResponseStatus.OK, contentType, body);
        }
        return response.with("ETag", compressed ? tag.gzip() : tag.plain())
                .with("Cache-Control", "no-cache")
                .with("Vary", "Accept-Encoding");
    }
}
