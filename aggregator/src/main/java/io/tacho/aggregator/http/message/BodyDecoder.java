// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Collects one body, with Content-Length or chunked, up to a limit. Trailers are read and discarded. */
final class BodyDecoder {

    private static final int MAX_SIZE_LINE_BYTES = 256;
    private static final int MAX_TRAILER_BYTES = 4 * 1024;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        DONE
    }

    private final int limit;
    private final boolean chunked;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream(64);
    private State state;
    private long missing;
    private int trailerBytes;

    /**
     * @param length bytes of the body; negative if it is chunked
     * @throws RequestRejectedException if it is longer than the limit
     */
    BodyDecoder(long length, int limit) {
        this.limit = limit;
        chunked = length < 0;
        state = chunked ? State.SIZE : State.DATA;
        missing = chunked ? 0 : length;
        bound();
    }

    byte[] bytes() {
        return collected.toByteArray();
    }

    /**
     * Reads the available bytes. Returns true once the body is complete.
     *
     * @throws RequestRejectedException if it is malformed or longer than the limit
     */
    boolean read(ByteBuf in) {
        while (state != State.DONE) {
            switch (state) {
                case DATA -> {
                    int taken = (int) Math.min(missing, in.readableBytes());
                    byte[] part = new byte[taken];
                    in.readBytes(part);
                    collected.writeBytes(part);
                    missing -= taken;
                    if (missing > 0) {
                        return false;
                    }
                    state = chunked ? State.DATA_END : State.DONE;
                }
                case SIZE -> {
                    String line = line(in, MAX_SIZE_LINE_BYTES);
                    if (line == null) {
                        return false;
                    }
                    missing = size(line);
                    bound();
                    state = missing == 0 ? State.TRAILER : State.DATA;
                }
                case DATA_END -> {
                    String line = line(in, 0);
                    if (line == null) {
                        return false;
                    }
                    state = State.SIZE;
                }
                case TRAILER -> {
                    String line = line(in, MAX_TRAILER_BYTES - trailerBytes);
                    if (line == null) {
                        return false;
                    }
                    trailerBytes += line.length() + 2;
                    if (line.isEmpty()) {
                        state = State.DONE;
                    } else if (line.indexOf(':') < 1) {
                        throw RequestHead.malformed("a trailer is not 'Name: value'");
                    }
                }
                case DONE -> {}
            }
        }
        return true;
    }

    /** Returns a line without its end, or null if it is incomplete. */
    private static @Nullable String line(ByteBuf in, int limit) {
        int start = in.readerIndex();
        int feed = in.indexOf(start, start + Math.min(in.readableBytes(), limit + 2), (byte) '\n');
        if (feed < 0) {
            if (in.readableBytes() >= limit + 2) {
                throw RequestHead.malformed("a chunk is longer than its size, or its line is too long");
            }
            return null;
        }
        int length = feed - 1 - start;
        if (length < 0 || in.getByte(feed - 1) != '\r') {
            throw RequestHead.malformed("a line of a chunk ends without a carriage return");
        }
        String line = in.toString(start, length, ISO_8859_1);
        in.skipBytes(length + 2);
        for (int i = 0; i < length; i++) {
            if (line.charAt(i) < ' ' && line.charAt(i) != '\t') {
                throw RequestHead.malformed("control character in a line of a chunk");
            }
        }
        return line;
    }

    private static long size(String line) {
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw RequestHead.malformed("the size of a chunk is not a hexadecimal number");
        }
        return Long.parseLong(size, 16);
    }

    private void bound() {
        if (missing > limit - collected.size()) {
            throw new RequestRejectedException(
                    Status.CONTENT_TOO_LARGE, "body too large (expected: at most " + limit + " bytes)");
        }
    }
}
