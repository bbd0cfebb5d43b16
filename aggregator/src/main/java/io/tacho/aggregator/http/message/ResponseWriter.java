// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/** Writes responses to connections, without flushing. */
public final class ResponseWriter {

    /** The size of the headers of a request above which it is rejected. */
    public static final int MAX_REQUEST_HEADER_BYTES = RequestHead.MAX_HEADER_BYTES;

    private static final int HEAD_BYTES = 256;

    private static final ByteBuf CONTINUE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", US_ASCII));

    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n0\r\n\r\n", US_ASCII));

    private final HttpDate date;

    public ResponseWriter(InstantSource clock) {
        date = new HttpDate(clock);
    }

    /** Writes a response in the form that the request requires. The caller closes the connection. */
    public void write(Channel channel, Request request, FullResponse response, boolean keepAlive) {
        ByteBuf head = startHead(channel.alloc(), request.http10(), response.status());
        addHeaders(head, response.headers());
        head.writeBytes(date.now().line());
        boolean chunked = !response.counted() && !request.http10() && !request.isHead();
        if (response.counted() && hasLength(response.status())) {
            addHeader(head, "Content-Length", Integer.toString(response.body().readableBytes()));
        }
        addConnection(head, request.http10(), keepAlive);
        if (chunked) {
            ascii(
                    head,
                    "Transfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(response.body().readableBytes()) + "\r\n");
        } else {
            endHead(head);
        }
        channel.write(head, channel.voidPromise());
        if (request.isHead() || !response.body().isReadable()) {
            response.body().release();
            return;
        }
        channel.write(response.body(), channel.voidPromise());
        if (chunked) {
            channel.write(LAST_CHUNK.duplicate(), channel.voidPromise());
        }
    }

    /** Writes a cached response, without copying it if the request allows the usual head. */
    public void write(Channel channel, Request request, CachedResponse response) {
        if (request.keepAlive() && !request.http10() && !request.isHead()) {
            response.write(channel, date.now());
        } else {
            write(channel, request, response.toFull(), request.keepAlive());
        }
    }

    /** Writes the head of a response that ends with the connection. */
    public void write(Channel channel, Request request, StreamingResponse response) {
        ByteBuf head = startHead(channel.alloc(), request.http10(), HttpResponseStatus.OK);
        addHeaders(head, response.headers());
        head.writeBytes(date.now().line());
        addConnection(head, request.http10(), false);
        channel.write(endHead(head), channel.voidPromise());
    }

    /** Returns the head of a response of HTTP/2. */
    public Http2Headers http2Head(FullResponse response) {
        Http2Headers head = http2Head(response.status(), response.headers());
        if (response.counted() && hasLength(response.status())) {
            head.setInt("content-length", response.body().readableBytes());
        }
        return head;
    }

    /** Returns the head of a response of HTTP/2 whose end is not known. */
    public Http2Headers http2Head(StreamingResponse response) {
        return http2Head(HttpResponseStatus.OK, response.headers());
    }

    /** Returns a head of HTTP/2 that has a status only. */
    public Http2Headers http2Head(HttpResponseStatus status) {
        return new DefaultHttp2Headers().status(status.codeAsText());
    }

    private Http2Headers http2Head(HttpResponseStatus status, List<Header> headers) {
        Http2Headers head = http2Head(status);
        headers.forEach(header -> head.add(header.name().toLowerCase(Locale.ROOT), header.value()));
        return head.add("date", date.now().value());
    }

    public void writeContinue(Channel channel) {
        channel.write(CONTINUE.duplicate(), channel.voidPromise());
    }

    static ByteBuf startHead(ByteBufAllocator allocator, boolean http10, HttpResponseStatus status) {
        ByteBuf head = allocator.directBuffer(HEAD_BYTES);
        ascii(head, http10 ? "HTTP/1.0 " : "HTTP/1.1 ");
        ascii(head, status.toString());
        ascii(head, "\r\n");
        return head;
    }

    /** Returns whether responses of this status have a Content-Length. */
    static boolean hasLength(HttpResponseStatus status) {
        return !status.equals(HttpResponseStatus.NOT_MODIFIED) && !status.equals(HttpResponseStatus.NO_CONTENT);
    }

    static void addHeaders(ByteBuf head, List<Header> headers) {
        for (Header header : headers) {
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
