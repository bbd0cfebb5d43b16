// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.InstantSource;
import java.util.List;

/** Writes answers to connections; does not flush. */
public final class ResponseWriter {

    private static final int HEAD_BYTES = 256;

    private static final ByteBuf CONTINUE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", US_ASCII));

    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n0\r\n\r\n", US_ASCII));

    private final HttpDate date;

    public ResponseWriter(InstantSource clock) {
        date = new HttpDate(clock);
    }

    /** Writes the answer as the request wants it; whether the connection stays open is said, not done. */
    public void write(Channel channel, Request request, FullResponse answer, boolean keepAlive) {
        ByteBuf head = startHead(channel.alloc(), request.http10(), answer.status());
        addHeaders(head, answer.headers());
        head.writeBytes(date.now().line());
        boolean chunked = !answer.counted() && !request.http10() && !request.isHead();
        if (answer.counted() && answer.status() != Status.NOT_MODIFIED && answer.status() != Status.NO_CONTENT) {
            addHeader(head, "Content-Length", Integer.toString(answer.body().readableBytes()));
        }
        addConnection(head, request.http10(), keepAlive);
        if (chunked) {
            ascii(
                    head,
                    "Transfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(answer.body().readableBytes()) + "\r\n");
        } else {
            endHead(head);
        }
        channel.write(head, channel.voidPromise());
        if (request.isHead() || !answer.body().isReadable()) {
            answer.body().release();
            return;
        }
        channel.write(answer.body(), channel.voidPromise());
        if (chunked) {
            channel.write(LAST_CHUNK.duplicate(), channel.voidPromise());
        }
    }

    /** Writes a cached response, without copying it if the request allows the usual head. */
    public void write(Channel channel, Request request, CachedResponse answer) {
        if (request.keepAlive() && !request.http10() && !request.isHead()) {
            answer.write(channel, date.now());
        } else {
            write(channel, request, answer.toFull(), request.keepAlive());
        }
    }

    /** Writes the head of an answer that ends with the connection. */
    public void write(Channel channel, Request request, StreamingResponse answer) {
        ByteBuf head = startHead(channel.alloc(), request.http10(), Status.OK);
        addHeaders(head, answer.headers());
        head.writeBytes(date.now().line());
        addConnection(head, request.http10(), false);
        channel.write(endHead(head), channel.voidPromise());
    }

    public void writeContinue(Channel channel) {
        channel.write(CONTINUE.duplicate(), channel.voidPromise());
    }

    static ByteBuf startHead(ByteBufAllocator allocator, boolean http10, Status status) {
        ByteBuf head = allocator.directBuffer(HEAD_BYTES);
        ascii(head, http10 ? "HTTP/1.0 " : "HTTP/1.1 ");
        ascii(head, status.line());
        return head;
    }

    static void addHeaders(ByteBuf head, List<Headers.Field> headers) {
        for (Headers.Field header : headers) {
            addHeader(head, header.name(), header.value());
        }
    }

    static void addHeader(ByteBuf head, String name, String value) {
        ascii(head, name);
        ascii(head, ": ");
        ascii(head, value);
        ascii(head, "\r\n");
    }

    static ByteBuf endHead(ByteBuf head) {
        ascii(head, "\r\n");
        return head;
    }

    private static void addConnection(ByteBuf head, boolean http10, boolean keepAlive) {
        if (keepAlive && http10) {
            addHeader(head, "Connection", "keep-alive");
        } else if (!keepAlive && !http10) {
            addHeader(head, "Connection", "close");
        }
    }

    private static void ascii(ByteBuf head, String text) {
        ByteBufUtil.writeAscii(head, text);
    }
}
