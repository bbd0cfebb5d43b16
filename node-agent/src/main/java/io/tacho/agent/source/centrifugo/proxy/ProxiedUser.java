// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A user who is connected until a time, as a proxy request and its response show: {@code connect} has the user in the response,
 * {@code refresh} in the request, and in both the response has the expiry.
 *
 * @param expiresAt UNIX seconds
 */
record ProxiedUser(String user, long expiresAt) {

    /** When a refresh fails, Centrifugo keeps the connection and repeats the refresh after this time. */
    static final long RETRY_SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_USER_LENGTH = 255;

    /**
     * Returns the user of a request.
     *
     * @param response null if the application did not respond with 200
     * @return null if there is none, or if the connection does not expire: then nothing shows when it ends
     */
    static @Nullable ProxiedUser of(byte[] request, byte @Nullable [] response, long nowSeconds) {
        String known = text(tree(request).path("user"));
        if (response == null) {
            return known == null ? null : new ProxiedUser(known, nowSeconds + RETRY_SECONDS);
        }
        JsonNode result = tree(response).path("result");
        String user = text(result.path("user"));
        JsonNode expiry = result.path("expire_at");
        if (user == null) {
            user = known;
        }
        return user == null || !expiry.canConvertToLong() || expiry.longValue() <= nowSeconds
                ? null
                : new ProxiedUser(user, expiry.longValue());
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            // Centrifugo or the application rejects it
            return JSON.missingNode();
        }
    }

    private static @Nullable String text(JsonNode user) {
        String text = user.isTextual() ? user.textValue() : "";
        return text.isEmpty() || text.length() > MAX_USER_LENGTH ? null : text;
    }
}
