// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.metrics.deflate.RecordDeflater;
import io.tacho.aggregator.metrics.deflate.Records;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a page to the gzip format: many samples of nodes by a {@link RecordDeflater}, everything else by zlib.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PageGzip extends PageOutput {

    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** A last block that is empty. */
    private static final byte[] END = {3, 0};

    private static final int STEP_BYTES = 16 * 1024;

    /** Fewer records take less space and time together with everything else. */
    private static final int SMALL_BYTES = 16 * 1024;

    private final OutputStream out;
    private final CRC32 checksum = new CRC32();
    private final Deflater zlib = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final DeflaterOutputStream zlibOut;
    /** Null before the first large records. */
    private @Nullable RecordDeflater records;

    private long length;

    PageGzip(OutputStream out) throws IOException {
        this.out = out;
        zlibOut = new DeflaterOutputStream(out, zlib, STEP_BYTES, true);
        out.write(HEAD);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        add(bytes, offset, count);
        zlibOut.write(bytes, offset, count);
    }

    @Override
    void writeRecords(byte[] bytes, Records similar, int stride) throws IOException {
        int size = similar.bytes();
        if (size < SMALL_BYTES) {
            write(bytes, 0, size);
            return;
        }
        // ends at a byte boundary
        zlibOut.flush();
        add(bytes, 0, size);
        if (records == null) {
            records = new RecordDeflater(out);
        }
        records.write(bytes, similar, stride);
        // matches would refer to bytes that zlib has not seen
        zlib.reset();
    }

    private void add(byte[] bytes, int offset, int count) {
        checksum.update(bytes, offset, count);
        length += count;
    }

    @Override
    public void close() throws IOException {
        zlibOut.flush();
        zlib.end();
        out.write(END);
        putInt((int) checksum.getValue());
        putInt((int) length);
    }

    private void putInt(int value) throws IOException {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }
}
