// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests from the bytes of a connection, one at a time and only on demand. A head with the same bytes as the last one
 * is not parsed again, because clients that poll repeat their request.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
public final class RequestDecoder {

    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;
    static final int MAX_BODY_BYTES = 64 * 1024;

    /** Longer heads are not remembered. */
    private static final int MAX_REMEMBERED_BYTES = 1_024;

    private final InetAddress remote;

    /** The last head of a request without body, including the empty line, and its request. */
    private byte @Nullable [] lastBytes;

    private @Nullable Request lastRequest;

    /** The number of scanned bytes of the head, and where its last line began. */
    private int scanned;

    private int lineStart;

    /** The end of the request line; 0 until it is complete. */
    private int headersStart;

    private @Nullable RequestHead head;
    private @Nullable BodyDecoder body;
    private boolean continueDue;

    public RequestDecoder(InetAddress remote) {
        this.remote = remote;
    }

    /** Returns whether the head of a request is complete and its body is not. */
    public boolean isInBody() {
        return body != null;
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
        if (head == null) {
            Request again = again(in);
            if (again != null) {
                return again;
            }
            byte[] lines = lines(in);
            if (lines == null) {
                return null;
            }
            RequestHead parsed = RequestHead.parse(lines, remote);
            if (!parsed.hasBody()) {
                remember(lines, parsed.request());
                return parsed.request();
            }
            head = parsed;
            body = new BodyDecoder(parsed.contentLength(), MAX_BODY_BYTES);
            continueDue = parsed.expectsContinue();
        }
        return whole(in);
    }

    private @Nullable Request whole(ByteBuf in) {
        if (head == null || body == null || !body.read(in)) {
            return null;
        }
        Request request = head.request().withBody(body.bytes());
        head = null;
        body = null;
        return request;
    }

    private @Nullable Request again(ByteBuf in) {
        byte[] bytes = lastBytes;
        if (bytes == null || scanned > 0 || in.readableBytes() < bytes.length || !matches(bytes, in)) {
            return null;
        }
        in.skipBytes(bytes.length);
        return lastRequest;
    }

    private static boolean matches(byte[] bytes, ByteBuf in) {
        int start = in.readerIndex();
        for (int i = 0; i < bytes.length; i++) {
            if (in.getByte(start + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private void remember(byte[] lines, Request request) {
        if (lines.length + 2 > MAX_REMEMBERED_BYTES) {
            lastBytes = null;
            lastRequest = null;
            return;
        }
        byte[] bytes = Arrays.copyOf(lines, lines.length + 2);
        bytes[lines.length] = '\r';
        bytes[lines.length + 1] = '\n';
        lastBytes = bytes;
        lastRequest = request;
    }

    /** Returns the lines of the head without the empty one, or null if the head is incomplete. */
    private byte @Nullable [] lines(ByteBuf in) {
        skipEmptyLine(in);
        int start = in.readerIndex();
        int available = in.readableBytes();
        while (true) {
            int feed = in.indexOf(start + scanned, start + available, (byte) '\n');
            if (feed < 0) {
                scanned = available;
                bound(available);
                return null;
            }
            int end = feed - start;
            bound(end + 1);
            if (end == 0 || in.getByte(feed - 1) != '\r') {
                throw RequestHead.malformed("a line ends without a carriage return");
            }
            scanned = end + 1;
            if (end - 1 == lineStart) {
                byte[] lines = ByteBufUtil.getBytes(in, start, lineStart);
                in.skipBytes(scanned);
                scanned = 0;
                lineStart = 0;
                headersStart = 0;
                return lines;
            }
            lineStart = scanned;
            headersStart = headersStart == 0 ? scanned : headersStart;
        }
    }

    /** Skips one empty line before a request, because some clients send one after a body. */
    private void skipEmptyLine(ByteBuf in) {
        int start = in.readerIndex();
        if (scanned == 0 && in.readableBytes() >= 2 && in.getByte(start) == '\r' && in.getByte(start + 1) == '\n') {
            in.skipBytes(2);
        }
    }

    private void bound(int bytes) {
        if (headersStart == 0) {
            if (bytes > MAX_LINE_BYTES) {
                throw new RequestRejectedException(
                        Status.URI_TOO_LONG, "request line too long (expected: at most " + MAX_LINE_BYTES + " bytes)");
            }
        } else if (bytes - headersStart > MAX_HEADER_BYTES) {
            throw new RequestRejectedException(
                    Status.HEADERS_TOO_LARGE, "headers too large (expected: at most " + MAX_HEADER_BYTES + " bytes)");
        }
    }
}
