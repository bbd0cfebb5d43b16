// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.metrics.deflate.Records;
import java.io.IOException;
import java.io.OutputStream;

/** Where a page is written to. */
abstract class PageOutput extends OutputStream {

    /**
     * Writes similar records, such as the samples of a family.
     *
     * @param records where they are in the bytes, at least one
     * @param stride how many records before a similar one is
     */
    abstract void writeRecords(byte[] bytes, Records records, int stride) throws IOException;

    /** Returns an output that writes everything as it is. */
    static PageOutput plain(OutputStream out) {
        return new PageOutput() {
            @Override
            public void write(int value) throws IOException {
                out.write(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            void writeRecords(byte[] bytes, Records records, int stride) throws IOException {
                out.write(bytes, 0, records.bytes());
            }
        };
    }
}
