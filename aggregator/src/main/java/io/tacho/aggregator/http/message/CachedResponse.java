// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response that many requests share: its body exists once, in direct memory, and its head is encoded once per second.
 *
 * <p>Thread safety: one event loop's; the body may be shared between loops.
 */
public final class CachedResponse implements Response {

    /** Up to this size head and body are one buffer, which saves the kernel work for each response. */
    public static final int ONE_PIECE_BYTES = 64 * 1024;

    private final HttpResponseStatus status;
    private final List<Header> headers;
    private final ByteBuf body;
    private @Nullable ByteBuf encoded;
    private long second = Long.MIN_VALUE;

    /** Creates a response that takes over a reference to the body. */
    public CachedResponse(HttpResponseStatus status, List<Header> headers, ByteBuf body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
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
        if (body.readableBytes() > ONE_PIECE_BYTES) {
            channel.write(body.retainedDuplicate(), channel.voidPromise());
        }
    }

    private ByteBuf encode(Channel channel, HttpDate.Line date, @Nullable ByteBuf previous) {
        ByteBuf head = ResponseWriter.startHead(channel.alloc(), false, status);
        ResponseWriter.addHeaders(head, headers);
        head.writeBytes(date.line());
        if (ResponseWriter.hasLength(status)) {
            ResponseWriter.addHeader(head, "Content-Length", Integer.toString(body.readableBytes()));
        }
        ResponseWriter.endHead(head);
        if (body.readableBytes() <= ONE_PIECE_BYTES) {
            head.writeBytes(body, body.readerIndex(), body.readableBytes());
        }
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
