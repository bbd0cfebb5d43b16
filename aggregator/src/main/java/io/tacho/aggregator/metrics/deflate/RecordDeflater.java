// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses records, such as the lines of a family, to blocks of the deflate format (RFC 1951).
 *
 * <p><b>Why not zlib.</b> Consecutive samples of a family differ in their uid and their number. zlib searches for matches by
 * hashes of every position, and takes six times as long as writing the page. Here the only candidate is the same place in the
 * record before, which finds nearly all that zlib finds.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class RecordDeflater {

    private static final int BLOCK_TOKENS = 64 * 1024;

    /** So many samples, of nodes everywhere in the page, show how often which literals occur. */
    private static final int LEARNED = 1024;

    /** The symbols of matches of 35 bytes and more, and of distances from 33 to 512: those of samples. */
    private static final int FIRST_USUAL_LENGTH = 273;

    private static final int FIRST_USUAL_DISTANCE = 10;
    private static final int LAST_USUAL_DISTANCE = 18;

    private final BitOutput out;
    private int[] tokens = new int[BLOCK_TOKENS];
    private final int[] literals = new int[BlockCodes.LITERALS];
    private final int[] distances = new int[BlockCodes.DISTANCES];
    private int size;

    /** Null before the first samples. */
    private @Nullable SampleDeflater samples;

    /** Creates a compressor that writes to this output. */
    public RecordDeflater(OutputStream out) {
        this.out = new BitOutput(out);
    }

    /**
     * Compresses records; the output ends at a byte boundary.
     *
     * @param stride how many records before a similar one is
     */
    public void write(byte[] bytes, Records records, int stride) throws IOException {
        if (records.count() > 0 && records.node(0) != Records.NO_NODE) {
            if (samples == null) {
                samples = new SampleDeflater(out, learn(bytes, records, stride));
            }
            samples.write(bytes, records, stride);
        } else {
            for (int record = 0; record < records.count(); record++) {
                tokenize(bytes, records, record, stride);
            }
            writeBlock();
        }
        out.align();
    }

    /**
     * Returns the codes of all samples of the page, so that labels are compressed once: literals occur as in these. Names of families,
     * and so the lengths of matches and records, differ.
     */
    private BlockCodes learn(byte[] bytes, Records records, int stride) throws IOException {
        int step = Math.max(1, records.count() / LEARNED);
        for (int record = 0; record < records.count() && hasRoom(records, record); record += step) {
            tokenize(bytes, records, record, stride);
        }
        int[] frequencies = literals.clone();
        clear();
        int matches = 0;
        for (int symbol = BlockCodes.END_OF_BLOCK + 1; symbol < BlockCodes.LITERALS; symbol++) {
            matches += frequencies[symbol];
        }
        Arrays.fill(
                frequencies,
                FIRST_USUAL_LENGTH,
                BlockCodes.LITERALS,
                matches / (BlockCodes.LITERALS - FIRST_USUAL_LENGTH));
        for (int symbol = 0; symbol < BlockCodes.LITERALS; symbol++) {
            frequencies[symbol]++;
        }
        int[] usual = new int[BlockCodes.DISTANCES];
        Arrays.fill(usual, 1);
        Arrays.fill(usual, FIRST_USUAL_DISTANCE, LAST_USUAL_DISTANCE, BlockCodes.DISTANCES);
        return new BlockCodes(new HuffmanCode(frequencies), new HuffmanCode(usual));
    }

    private boolean hasRoom(Records records, int record) {
        return size + records.end(record) - records.start(record) <= BLOCK_TOKENS;
    }

    private void tokenize(byte[] bytes, Records records, int record, int stride) throws IOException {
        if (!hasRoom(records, record)) {
            writeBlock();
        }
        int start = records.start(record);
        int distance = record < stride ? Integer.MAX_VALUE : start - records.start(record - stride);
        tokenize(bytes, start, records.end(record), distance);
    }

    private void tokenize(byte[] bytes, int start, int end, int distance) {
        if (end - start > tokens.length) {
            tokens = new int[end - start];
        }
        int next = size;
        int at = start;
        while (at < end) {
            int length = SampleDeflater.matchLength(bytes, at, end, distance);
            if (length > 0) {
                tokens[next++] = -((length << 16) | distance);
                literals[BlockCodes.lengthSymbol(length)]++;
                distances[BlockCodes.distanceSymbol(distance)]++;
                at += length;
            } else {
                int literal = bytes[at++] & 0xFF;
                tokens[next++] = literal;
                literals[literal]++;
            }
        }
        size = next;
    }

    private void writeBlock() throws IOException {
        if (size == 0) {
            return;
        }
        literals[BlockCodes.END_OF_BLOCK]++;
        // a code needs two symbols
        literals[0]++;
        distances[0]++;
        distances[1]++;
        BlockCodes codes = new BlockCodes(new HuffmanCode(literals), new HuffmanCode(distances));
        codes.writeHead(out);
        for (int i = 0; i < size; i++) {
            int token = tokens[i];
            if (token >= 0) {
                out.putSymbol(codes.literals().code(token));
            } else {
                codes.writeMatch(out, -token >>> 16, -token & 0xFFFF);
            }
        }
        codes.writeEnd(out);
        clear();
    }

    private void clear() {
        Arrays.fill(literals, 0);
        Arrays.fill(distances, 0);
        size = 0;
    }
}
