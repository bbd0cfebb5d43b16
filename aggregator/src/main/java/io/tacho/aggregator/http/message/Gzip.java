// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compression of bodies, and its negotiation. */
public final class Gzip {

    /** Smaller bodies fit into one packet, so compression gains nothing. */
    public static final int MIN_BYTES = 1_400;

    private static final int STEP_BYTES = 16 * 1024;

    private Gzip() {}

    /** Compresses a large body at the lowest cost, to about a tenth. */
    public static ByteBuf fast(ByteBuf plain) {
        return compress(plain, Deflater.BEST_SPEED);
    }

    /** Compresses a small body. */
    public static ByteBuf small(ByteBuf plain) {
        return compress(plain, Deflater.DEFAULT_COMPRESSION);
    }

    private static ByteBuf compress(ByteBuf plain, int level) {
        ByteBuf compressed = UnpooledByteBufAllocator.DEFAULT.directBuffer(plain.readableBytes() / 6 + 256);
        byte[] step = new byte[STEP_BYTES];
        try (GZIPOutputStream out = new LeveledOutput(new ByteBufOutputStream(compressed), level)) {
            int end = plain.writerIndex();
            for (int at = plain.readerIndex(); at < end; at += step.length) {
                int length = Math.min(step.length, end - at);
                plain.getBytes(at, step, 0, length);
                out.write(step, 0, length);
            }
        } catch (IOException e) {
            compressed.release();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            compressed.release();
            throw e;
        }
        return compressed;
    }

    /** Returns whether the client accepts gzip, by name or by a star, with a weight above zero. */
    public static boolean isAcceptedBy(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.ACCEPT_ENCODING)) {
            // the usual poller: nothing to allocate
            return false;
        }
        boolean any = false;
        String accepted = String.join(",", headers.getAll(HttpHeaderNames.ACCEPT_ENCODING));
        for (String each : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String member = each.trim();
            int semicolon = member.indexOf(';');
            String coding = (semicolon < 0 ? member : member.substring(0, semicolon)).trim();
            boolean wanted = semicolon < 0 || !member.substring(semicolon).matches(";\\s*q\\s*=\\s*0(\\.0*)?\\s*");
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return wanted;
            }
            any |= coding.equals("*") && wanted;
        }
        return any;
    }

    private static final class LeveledOutput extends GZIPOutputStream {
        LeveledOutput(ByteBufOutputStream out, int level) throws IOException {
            super(out, STEP_BYTES);
            def.setLevel(level);
        }
    }
}
