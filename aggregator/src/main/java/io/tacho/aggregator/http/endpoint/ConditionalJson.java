// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Status;

/** JSON with an ETag: compressed if the client accepts it, and 304 if the client has it. */
final class ConditionalJson {

    private ConditionalJson() {}

    static FullResponse of(Request request, byte[] json) {
        ByteBuf body = Unpooled.wrappedBuffer(json);
        ETag tag = ETag.of(body);
        boolean compressed = body.readableBytes() >= Gzip.MIN_BYTES && Gzip.isAcceptedBy(request.headers());
        FullResponse response;
        if (tag.isIn(String.join(",", request.headers().all("If-None-Match")))) {
            response = FullResponse.empty(Status.NOT_MODIFIED);
        } else if (compressed) {
            response = FullResponse.json(Status.OK, Gzip.fast(body)).with("Content-Encoding", "gzip");
        } else {
            response = FullResponse.json(Status.OK, body);
        }
        return response.with("ETag", compressed ? tag.gzip() : tag.plain())
                .with("Cache-Control", "no-cache")
                .with("Vary", "Accept-Encoding");
    }
}
