// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.FileRegion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is the same for many requests: its body exists once, in memory that the kernel reads from, and its head is
 * encoded once a second.
 *
 * <p>Thread safety: one event loop's; the body may be shared between loops.
 */
public final class CachedResponse implements Response {

    /** Up to here head and body are kept as one piece, which takes one call less to send. */
    public static final int ONE_PIECE_BYTES = 64 * 1024;

    private final Status status;
    private final List<Headers.Field> headers;
    private final ByteBuf body;
    private @Nullable ByteBuf encoded;
    private long second = Long.MIN_VALUE;

    /** An answer with a reference of its own to the body. */
    public CachedResponse(Status status, List<Headers.Field> headers, ByteBuf body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** The same in the form in which it can be changed. */
    public FullResponse whole() {
        return new FullResponse(status, headers, body.retainedDuplicate(), true, false);
    }

    ByteBuf body() {
        return body;
    }

    /**
     * Writes it as the answer to a GET of HTTP/1.1 that keeps its connection.
     *
     * @param asFile whether the channel takes files
     */
    void write(Channel channel, HttpDate.Line date, boolean asFile) {
        ByteBuf current = encoded;
        if (current == null || second != date.second()) {
            current = encode(channel, date, current);
        }
        if (asFile && body instanceof FileBody file) {
            FileRegion whole = file.answer(current, second);
            if (whole != null) {
                channel.write(whole, channel.voidPromise());
                return;
            }
        }
        channel.write(current.retainedDuplicate(), channel.voidPromise());
        if (body.readableBytes() > ONE_PIECE_BYTES) {
            channel.write(body.retainedDuplicate(), channel.voidPromise());
        }
    }

    private ByteBuf encode(Channel channel, HttpDate.Line date, @Nullable ByteBuf old) {
        ByteBuf head = ResponseWriter.startHead(channel.alloc(), false, status);
        ResponseWriter.addHeaders(head, headers);
        head.writeBytes(date.line());
        if (status != Status.NOT_MODIFIED) {
            ResponseWriter.addHeader(head, "Content-Length", Integer.toString(body.readableBytes()));
        }
        ResponseWriter.endHead(head);
        if (body.readableBytes() <= ONE_PIECE_BYTES) {
            head.writeBytes(body, body.readerIndex(), body.readableBytes());
        }
        if (old != null) {
            old.release();
        }
        encoded = head;
        second = date.second();
        return head;
    }

    /** Lets go of the bytes; those that are being sent stay until they are. */
    public void release() {
        body.release();
        releaseHead();
    }

    public void releaseHead() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
    }
}
