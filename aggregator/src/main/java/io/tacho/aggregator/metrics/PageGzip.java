// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses pages: they are large and requested often, so little time matters more than few bytes. */
final class PageGzip extends GZIPOutputStream {

    private static final int STEP_BYTES = 64 * 1024;

    PageGzip(OutputStream out) throws IOException {
        super(out, STEP_BYTES);
        def.setLevel(Deflater.BEST_SPEED);
    }
}
