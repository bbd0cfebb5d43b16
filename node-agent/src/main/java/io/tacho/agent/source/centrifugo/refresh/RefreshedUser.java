// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A user who is connected until a time, as a refresh shows: the user is in the request, and the expiry in the response.
 *
 * @param expiresAt UNIX seconds
 */
record RefreshedUser(String user, long expiresAt) {

    /** When a refresh fails, Centrifugo keeps the connection and repeats the refresh after this time. */
    static final long RETRY_SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_USER_LENGTH = 255;

    /** Returns the user of a request; null if it is not a refresh. */
    static @Nullable String user(byte[] request) {
        JsonNode user = tree(request).path("user");
        String text = user.isTextual() ? user.textValue() : "";
        return text.isEmpty() || text.length() > MAX_USER_LENGTH ? null : text;
    }

    /**
     * Returns how long a user is connected.
     *
     * @param response null if the application did not respond with 200
     * @return null if the connection ends, or does not expire: then nothing shows when it ends
     */
    static @Nullable RefreshedUser of(String user, byte @Nullable [] response, long nowSeconds) {
        if (response == null) {
            return new RefreshedUser(user, nowSeconds + RETRY_SECONDS);
        }
        JsonNode expiry = tree(response).path("result").path("expire_at");
        return expiry.canConvertToLong() && expiry.longValue() > nowSeconds
                ? new RefreshedUser(user, expiry.longValue())
                : null;
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            // Centrifugo or the application rejects it
            return JSON.missingNode();
        }
    }
}
