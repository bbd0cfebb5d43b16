// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiSecret;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what: the one place where keys are looked at. Without any key everything is open.
 *
 * <p>Thread safety: safe.
 */
final class Keys {

    private final @Nullable ApiSecret admin;
    private final List<ApiSecret> readers;
    private final FailedAttempts failed;

    /**
     * The keys in force.
     *
     * @param admin is good for everything
     * @param readers are good for reading
     */
    Keys(@Nullable ApiSecret admin, List<ApiSecret> readers, LongSupplier nanoTime) {
        this.admin = admin;
        this.readers = readers;
        failed = new FailedAttempts(nanoTime);
    }

    /** Lets those through to the endpoint who have a key of that role. */
    Endpoint guard(Role role, Endpoint endpoint) {
        if (isOpen(role)) {
            return endpoint;
        }
        return request -> admits(request, role, presented(request))
                ? endpoint.answer(request)
                : WholeAnswer.error(
                                Status.UNAUTHORIZED,
                                "no key, or a wrong one (expected: X-API-Key: <key> or Authorization: apikey <key>)")
                        .with("WWW-Authenticate", "apikey");
    }

    private boolean isOpen(Role role) {
        return role == Role.OPEN || (admin == null && readers.isEmpty());
    }

    /**
     * Whether the key that a request carries is one of that role; for APIs that carry keys and refuse in their own way.
     *
     * @throws RefusedException if wrong keys come too fast from there
     */
    boolean admits(Request request, Role role, @Nullable String key) {
        if (isOpen(role)) {
            return true;
        }
        failed.requireSome(request.remote());
        boolean admitted = holds(role, key);
        if (!admitted && key != null) {
            failed.count(request.remote());
        }
        return admitted;
    }

    /** Whether the key is one of that role. All keys are compared, that the time tells nothing. */
    private boolean holds(Role role, @Nullable String key) {
        boolean found = isOpen(role);
        if (admin != null) {
            found |= admin.is(key);
        }
        if (role == Role.READ) {
            for (ApiSecret reader : readers) {
                found |= reader.is(key);
            }
        }
        return found;
    }

    /** Counts what was proven wrong in another way than by a key. */
    FailedAttempts failed() {
        return failed;
    }

    private static @Nullable String presented(Request request) {
        String key = request.headers().first("X-API-Key");
        String authorization = request.headers().first("Authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "apikey ", 0, 7)) {
            return authorization.substring(7);
        }
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7);
        }
        return key;
    }
}
