// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small response that many requests share: head and body are one buffer, which saves the kernel work for each response, and is
 * encoded once per second.
 *
 * <p>Thread safety: one event loop's; the body may be shared between loops.
 */
public final class CachedResponse implements Response {

    /** The size of a body above which copying it costs more than a buffer of its own. */
    public static final int MAX_BYTES = 64 * 1024;

    private final HttpResponseStatus status;
    private final List<Header> headers;
    private final ByteBuf body;
    private @Nullable ByteBuf encoded;
    private long second = Long.MIN_VALUE;

    /** Creates a response that takes over a reference to the body, of at most {@link #MAX_BYTES}. */
    public CachedResponse(HttpResponseStatus status, List<Header> headers, ByteBuf body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public HttpResponseStatus status() {
        return status;
    }

    /** Returns a full response with the same content, for the requests that need other headers. */
    public FullResponse toFull() {
        return new FullResponse(status, headers, body.retainedDuplicate(), true, false);
    }

    /** Writes the response to a GET of HTTP/1.1 that keeps its connection. */
    void write(Channel channel, HttpDate.Line date) {
        ByteBuf current = encoded;
        if (current == null || second != date.second()) {
            current = encode(channel, date, current);
        }
        channel.write(current.retainedDuplicate(), channel.voidPromise());
    }

    private ByteBuf encode(Channel channel, HttpDate.Line date, @Nullable ByteBuf previous) {
        ByteBuf head = ResponseWriter.startHead(channel.alloc(), false, status);
        ResponseWriter.addHeaders(head, headers);
        head.writeBytes(date.line());
        if (ResponseWriter.hasLength(status)) {
            ResponseWriter.addHeader(head, "Content-Length", Integer.toString(body.readableBytes()));
        }
        ResponseWriter.endHead(head);
        head.writeBytes(body, body.readerIndex(), body.readableBytes());
        if (previous != null) {
            previous.release();
        }
        encoded = head;
        second = date.second();
        return head;
    }

    /** Releases body and head; bytes that are being sent stay valid until they are sent. */
    public void release() {
        body.release();
        releaseHead();
    }

    /** Releases the encoded head only. */
    public void releaseHead() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
    }
}
