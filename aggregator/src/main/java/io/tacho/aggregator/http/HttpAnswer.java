// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ErrorResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an endpoint answers; the server adds Date, Content-Length and Connection.
 *
 * @param headers in the order in which they are written
 * @param body shared, not to be changed
 * @param close whether the connection is of no further use
 */
record HttpAnswer(HttpResponseStatus status, List<Map.Entry<String, String>> headers, byte[] body, boolean close) {

    private static final String CONTENT_TYPE = "Content-Type";

    static HttpAnswer json(HttpResponseStatus status, byte[] body) {
        return new HttpAnswer(status, List.of(Map.entry(CONTENT_TYPE, "application/json")), body, false);
    }

    /** Plain text in the form of Go's {@code http.Error}. */
    static HttpAnswer text(HttpResponseStatus status, String body) {
        return new HttpAnswer(
                status,
                List.of(
                        Map.entry(CONTENT_TYPE, "text/plain; charset=utf-8"),
                        Map.entry("X-Content-Type-Options", "nosniff")),
                body.getBytes(UTF_8),
                false);
    }

    static HttpAnswer error(HttpResponseStatus status, String message) {
        return json(status, ErrorResponse.of(status.code(), message));
    }

    HttpAnswer with(String header, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(header, value));
        return new HttpAnswer(status, List.copyOf(more), body, close);
    }

    HttpAnswer closing() {
        return new HttpAnswer(status, headers, body, true);
    }
}
