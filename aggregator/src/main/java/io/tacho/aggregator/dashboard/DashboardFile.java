// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the dashboard.
 *
 * @param contentType with its charset
 * @param body the content; must not be changed
 * @param compressed the content compressed with gzip; must not be changed
 */
public record DashboardFile(String contentType, byte[] body, byte[] compressed) {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    static DashboardFile of(String name, byte[] body) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(name + " (expected: a name that ends in one of " + TYPES.keySet() + ")");
        }
        return new DashboardFile(type, body, compress(body));
    }

    private static byte[] compress(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
        try (GZIPOutputStream gzip = new BestGzip(out)) {
            gzip.write(body);
        } catch (IOException e) {
            // memory does not fail
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
