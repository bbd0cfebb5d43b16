// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** An entity tag computed from the bytes of a body, so that all aggregators return the same tag for the same body. */
public record ETag(String plain) {

    /** Returns the tag of these bytes. */
    public static ETag of(byte[] body) {
        Builder tag = new Builder();
        tag.add(ByteBuffer.wrap(body));
        return tag.build();
    }

    /** Returns the tag of the compressed form of the same bytes. */
    public String gzip() {
        return plain.substring(0, plain.length() - 1) + "-gzip\"";
    }

    /** Returns whether a list of If-None-Match contains this tag, compressed or not. Weak tags match, and so does a star. */
    public boolean isIn(String list) {
        for (String member : list.split(",", -1)) {
            String tag = member.trim();
            if (tag.startsWith("W/")) {
                tag = tag.substring(2);
            }
            if (tag.equals("*") || tag.equals(plain) || tag.equals(gzip())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Computes the tag of a body from its pieces: two checksums of 32 bits, which the processor computes at the speed of memory.
     *
     * <p>Thread safety: confined to one thread.
     */
    public static final class Builder {

        private final CRC32 first = new CRC32();
        private final CRC32C second = new CRC32C();

        /** Adds the next bytes of the body. */
        public void add(ByteBuffer piece) {
            first.update(piece.duplicate());
            second.update(piece);
        }

        /** Returns the tag of the bytes so far. */
        public ETag build() {
            return new ETag('"' + HexFormat.of().toHexDigits(first.getValue() << 32 | second.getValue()) + '"');
        }
    }
}
