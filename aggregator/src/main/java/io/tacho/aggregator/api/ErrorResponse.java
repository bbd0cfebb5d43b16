// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code {"error":{"code":404,"message":"…"}}}: the error format of all endpoints except the compatible ones. */
public final class ErrorResponse {

    private ErrorResponse() {}

    /**
     * Returns the body, UTF-8 JSON.
     *
     * @param code the HTTP status
     * @param message the found and the expected value
     */
    public static byte[] of(int code, String message) {
        ObjectNode body = ApiJson.object();
        body.putObject("error").put("code", code).put("message", message);
        return ApiJson.write(body);
    }
}
