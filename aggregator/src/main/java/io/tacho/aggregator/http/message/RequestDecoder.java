// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests from the bytes of a connection, one at a time and only on demand. Netty's decoder parses them; this class
 * calls it directly instead of in a pipeline, and rejects what Netty accepts although another parser could interpret it
 * differently. A head with the same bytes as the last one is not parsed again, because clients that poll repeat their request.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
public final class RequestDecoder extends HttpRequestDecoder {

    /** Longer heads are not remembered. */
    private static final int MAX_REMEMBERED_BYTES = 1_024;

    /** The memory of longer bodies is released after the request. */
    private static final int MAX_KEPT_BODY_BYTES = 1_024;

    private final InetAddress remote;
    private final List<Object> decoded = new ArrayList<>(2);

    /** The last head of a request without body, and its request. */
    private byte[] lastBytes = Request.NO_BODY;

    private @Nullable Request lastRequest;

    /** Some lines of the next head are decoded. */
    private boolean inHead;
    /** The request whose body is incomplete. */
    private @Nullable Request head;

    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private boolean continueDue;
    /** The client of the last head uses HTTP/1.0. */
    private boolean http10;

    public RequestDecoder(InetAddress remote) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(RequestHead.MAX_LINE_BYTES)
                .setMaxHeaderSize(RequestHead.MAX_HEADER_BYTES)
                .setStrictLineParsing(true));
        this.remote = remote;
    }

    /** Returns whether some lines of a head are decoded, and its end is not. */
    public boolean isInHead() {
        return inHead;
    }

    /** Returns whether the head of a request is complete and its body is not. */
    public boolean isInBody() {
        return head != null;
    }

    /** Returns whether the client waits for "100 Continue"; true once per request. */
    public boolean takeContinue() {
        boolean due = continueDue;
        continueDue = false;
        return due;
    }

    /**
     * Returns the next request, or null if it is incomplete.
     *
     * @throws RequestRejectedException if it is malformed; the connection must be closed
     */
    @Nullable
    public Request next(ByteBuf in) {
        if (!in.isReadable()) {
            return null;
        }
        if (head == null && !inHead && startsWithLast(in)) {
            in.skipBytes(lastBytes.length);
            return lastRequest;
        }
        int start;
        do {
            start = in.readerIndex();
            Request request = step(in);
            if (request != null) {
                return request;
            }
        } while (in.readerIndex() > start);
        return null;
    }

    private boolean startsWithLast(ByteBuf in) {
        byte[] bytes = lastBytes;
        if (bytes.length == 0 || in.readableBytes() < bytes.length) {
            return false;
        }
        int start = in.readerIndex();
        for (int i = 0; i < bytes.length; i++) {
            if (in.getByte(start + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Decodes as much as one call of Netty's decoder does: lines of a head, a head, or a piece of a body. */
    private @Nullable Request step(ByteBuf in) {
        int start = in.readerIndex();
        boolean whole = head == null && !inHead;
        try {
            decode(null, in, decoded);
            for (Object each : decoded) {
                Throwable failure = ((HttpObject) each).decoderResult().cause();
                if (failure != null) {
                    throw RequestHead.rejection((HttpObject) each, failure);
                }
            }
            if (head == null) {
                requireProperLines(in, start);
            } else if (decoded.isEmpty()) {
                RequestHead.requireRoom(body.size() + announcedSize(in, start));
            }
            return add(in, whole ? in.readerIndex() - start : 0);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw RequestHead.malformed(String.valueOf(e.getMessage()));
        } finally {
            decoded.forEach(ReferenceCountUtil::release);
            decoded.clear();
        }
    }

    /**
     * Adds what was decoded.
     *
     * @param wholeHead the length of the head; 0 if it came in pieces
     * @return the request if it is complete
     */
    private @Nullable Request add(ByteBuf in, int wholeHead) {
        boolean complete = false;
        for (Object each : decoded) {
            if (each instanceof HttpRequest request) {
                if (http10) {
                    request.setProtocolVersion(HttpVersion.HTTP_1_0);
                }
                head = RequestHead.parse(request, remote);
                continueDue = HttpUtil.is100ContinueExpected(request);
            }
            if (each instanceof HttpContent content) {
                RequestHead.requireRoom(body.size() + (long) content.content().readableBytes());
                body.writeBytes(ByteBufUtil.getBytes(content.content()));
                complete = each instanceof LastHttpContent;
            }
        }
        Request request = head;
        if (!complete || request == null) {
            return null;
        }
        head = null;
        inHead = false;
        if (decoded.size() > 1) {
            // decoded in one step, so it has no body
            continueDue = false;
            int length = wholeHead > MAX_REMEMBERED_BYTES ? 0 : wholeHead;
            lastBytes = ByteBufUtil.getBytes(in, in.readerIndex() - length, length);
            lastRequest = request;
            return request;
        }
        Request withBody = request.withBody(body.toByteArray());
        if (body.size() > MAX_KEPT_BODY_BYTES) {
            body = new ByteArrayOutputStream(0);
        } else {
            body.reset();
        }
        return withBody;
    }

    /** Rejects lines that continue on a second one, which Netty joins, and what it skips before a request. */
    private void requireProperLines(ByteBuf in, int start) {
        int previous = '\n';
        for (int i = start; i < in.readerIndex(); i++) {
            int next = in.getUnsignedByte(i);
            if (previous == '\n' && next != '\r' && (next <= ' ' || next == 0x7f)) {
                throw RequestHead.malformed("a line begins with white space or a control character");
            }
            if (previous == '\r' && next != '\n') {
                throw RequestHead.malformed("a carriage return within a line");
            }
            previous = next;
        }
        inHead = in.readerIndex() > start || inHead;
    }

    /** Returns the size of a chunk whose bytes have not arrived yet. Netty has rejected what does not fit in 31 bits. */
    private static long announcedSize(ByteBuf in, int start) {
        String line = in.toString(start, in.readerIndex() - start, US_ASCII).split("[;\r]", 2)[0];
        return line.matches("0*[0-9a-fA-F]{1,8}") ? Long.parseLong(line, 16) : 0;
    }

    /** Rejects more than one space between the words of the request line, which Netty skips. */
    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private static void requireOneSpace(byte[] line, int start) {
        if (start < 2 || line[start - 1] != ' ' || (line[start - 2] & 0xff) <= ' ') {
            throw RequestHead.malformedLine();
        }
    }

    /** HTTP/1.0 is decoded as HTTP/1.1: otherwise Netty uses the first of several values of Content-Length. */
    @Override
    protected HttpMessage createMessage(String[] line) throws Exception {
        String version = line[2];
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw version.matches("HTTP/\\d\\.\\d")
                    ? new RequestRejectedException(
                            HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, version + " (expected: HTTP/1.1)")
                    : RequestHead.malformedLine();
        }
        http10 = version.equals("HTTP/1.0");
        return super.createMessage(new String[] {line[0], line[1], "HTTP/1.1"});
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw RequestHead.malformed("Transfer-Encoding with Content-Length");
    }
}
