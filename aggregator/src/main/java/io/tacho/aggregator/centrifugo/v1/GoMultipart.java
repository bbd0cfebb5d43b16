// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import java.util.Locale;
import java.util.function.BiConsumer;

/** The values of a {@code multipart/form-data} body, parsed like Go's mime/multipart; files are skipped. Characters are bytes. */
final class GoMultipart {

    private final String body;
    private final String delimiter;

    GoMultipart(String body, String boundary) {
        this.body = body;
        delimiter = "--" + boundary;
    }

    /**
     * Reads the parts in order.
     *
     * @param sink accepts each name with its value
     * @return whether the body is complete
     */
    boolean read(BiConsumer<String, String> sink) {
        int at = body.startsWith(delimiter) ? 0 : body.indexOf("\n" + delimiter) + 1;
        if (at == 0 && !body.startsWith(delimiter)) {
            return false;
        }
        while (true) {
            int after = at + delimiter.length();
            if (body.startsWith("--", after)) {
                return true;
            }
            int lineEnd = body.indexOf('\n', after);
            if (lineEnd < 0) {
                // Go accepts a delimiter without a line end as the last one
                return body.substring(after).isBlank();
            }
            int end = body.indexOf("\n" + delimiter, lineEnd);
            if (end < 0) {
                return body.substring(lineEnd).isEmpty() || body.length() == lineEnd + 1;
            }
            part(body.substring(lineEnd + 1, Math.max(lineEnd + 1, end)), sink);
            at = end + 1;
        }
    }

    private static void part(String part, BiConsumer<String, String> sink) {
        String text = part.endsWith("\r") ? part.substring(0, part.length() - 1) : part;
        String name = null;
        int from = 0;
        while (true) {
            int end = text.indexOf('\n', from);
            if (end < 0) {
                return;
            }
            String line = text.substring(from, end).stripTrailing();
            from = end + 1;
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals("content-disposition")) {
                GoMediaType disposition = GoMediaType.parse(line.substring(colon + 1));
                boolean isValue = disposition.type().equals("form-data")
                        && !disposition.parameters().containsKey("filename");
                name = isValue ? disposition.parameters().get("name") : null;
            }
        }
        if (name != null && !name.isEmpty()) {
            sink.accept(name, text.substring(from));
        }
    }
}
