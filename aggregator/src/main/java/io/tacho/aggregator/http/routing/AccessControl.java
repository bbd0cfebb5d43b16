// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Status;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what: the one place where keys are looked at. They can be exchanged at any time, and hold from the next
 * request on, also on connections that are open.
 *
 * <p>Thread safety: safe.
 */
public final class AccessControl {

    private final RateLimiter failed;
    private volatile ApiKeys inForce;

    public AccessControl(ApiKeys inForce, LongSupplier nanoTime) {
        this.inForce = inForce;
        failed = new RateLimiter(nanoTime);
    }

    /** Lets those through to the endpoint who have a key of that role. */
    Endpoint guard(Role role, Endpoint endpoint) {
        if (role == Role.OPEN) {
            return endpoint;
        }
        return request -> inForce.isOpen() || admits(request, role, presented(request))
                ? endpoint.respond(request)
                : FullResponse.error(
                                Status.UNAUTHORIZED,
                                "no key, or a wrong one (expected: X-API-Key: <key> or Authorization: apikey <key>)")
                        .with("WWW-Authenticate", "apikey");
    }

    public ApiKeys inForce() {
        return inForce;
    }

    /**
     * Puts others in force.
     *
     * @return what is new, in words without the keys; empty for nothing
     * @throws IllegalArgumentException if everything would be open that was not
     */
    public synchronized String replace(ApiKeys keys) {
        if (keys.isOpen() && !inForce.isOpen()) {
            throw new IllegalArgumentException(
                    "api-secret, read-keys-file: no key any more (expected: one; only a new start opens everything)");
        }
        String changes = keys.changesSince(inForce);
        inForce = keys;
        return changes;
    }

    /**
     * Whether the key that a request carries is one of that role; for APIs that carry keys and refuse in their own way.
     *
     * @throws RequestRejectedException if wrong keys come too fast from there
     */
    public boolean admits(Request request, Role role, @Nullable String key) {
        ApiKeys keys = inForce;
        if (role == Role.OPEN || keys.isOpen()) {
            return true;
        }
        failed.requireSome(request.remote());
        boolean admitted = holds(keys, role, key);
        if (!admitted && key != null) {
            failed.count(request.remote());
        }
        return admitted;
    }

    /** Whether the key is one of that role. All keys are compared, that the time tells nothing. */
    private static boolean holds(ApiKeys keys, Role role, @Nullable String key) {
        boolean found = keys.admin() != null && keys.admin().is(key);
        if (role == Role.READ) {
            for (ApiSecret reader : keys.readers()) {
                found |= reader.is(key);
            }
        }
        return found;
    }

    /**
     * Requires that the client may try another key.
     *
     * @throws RequestRejectedException if wrong keys come too fast from its address
     */
    public void requireAttempt(Request request) {
        failed.requireSome(request.remote());
    }

    /** Counts a wrong key or signature. */
    public void countFailure(Request request) {
        failed.count(request.remote());
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
