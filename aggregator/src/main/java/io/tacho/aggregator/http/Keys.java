// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiSecret;
import org.jspecify.annotations.Nullable;

/** Who may ask what: the one place where keys are looked at. Without any key everything is open. */
final class Keys {

    private final @Nullable ApiSecret admin;

    Keys(@Nullable ApiSecret admin) {
        this.admin = admin;
    }

    /** Lets those through to the endpoint who have a key of that role. */
    Endpoint guard(Role role, Endpoint endpoint) {
        if (role == Role.OPEN || admin == null) {
            return endpoint;
        }
        return request -> holds(role, presented(request))
                ? endpoint.answer(request)
                : WholeAnswer.error(
                                Status.UNAUTHORIZED,
                                "no key, or a wrong one (expected: X-API-Key: <key> or Authorization: apikey <key>)")
                        .with("WWW-Authenticate", "apikey");
    }

    /** Whether the key is one of that role; for APIs that carry keys and refuse in their own way. */
    boolean holds(Role role, @Nullable String key) {
        return role == Role.OPEN || admin == null || admin.is(key);
    }

    private static @Nullable String presented(Request request) {
        String key = request.headers().first("X-API-Key");
        String authorization = request.headers().first("Authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "apikey ", 0, 7)) {
            return authorization.substring(7);
        }
        return key;
    }
}
