// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.text.AllowedHosts;
import io.tacho.text.HeaderText;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Access control by keys, and by the Host header where there is no key. Keys can be replaced at any time; new ones apply from the next request on, also on open
 * connections.
 *
 * <p>Thread safety: safe.
 */
public final class AccessControl {

    private final RateLimiter failed;
    private final AllowedHosts hosts;
    private final TrustedProxies proxies;
    private volatile ApiKeys current;

    /**
     * Access control with these initial keys.
     *
     * @param hosts the hosts that requests may name while there is no key
     * @param proxies the proxies whose forwarded client addresses are trusted
     */
    public AccessControl(ApiKeys current, AllowedHosts hosts, TrustedProxies proxies, LongSupplier nanoTime) {
        this.current = current;
        this.hosts = hosts;
        this.proxies = proxies;
        failed = new RateLimiter(nanoTime);
    }

    /**
     * Returns whether the headers of the request have a key of that role.
     *
     * @throws RequestRejectedException if the key is wrong, and wrong keys come too fast from its client
     */
    boolean admits(Request request, Role role) {
        return role == Role.OPEN || current.isOpen() || admits(request, role, presented(request));
    }

    /** Returns whether the request names a host of this server. With keys every host is allowed: a page has no key. */
    boolean allowsHost(Request request) {
        return !current.isOpen() || hosts.allows(request.headers().get("Host"));
    }

    /** {@return whether there is a key that permits everything} */
    boolean hasAdminKey() {
        return current.admin() != null;
    }

    public ApiKeys current() {
        return current;
    }

    /**
     * Replaces the keys.
     *
     * @return a description of the change without the keys; empty if there is none
     * @throws IllegalArgumentException if all keys would be removed
     */
    public synchronized String replace(ApiKeys keys) {
        if (keys.isOpen() && !current.isOpen()) {
            throw new IllegalArgumentException(
                    "api-secret, read-keys-file: no key any more (expected: one; only a new start opens everything)");
        }
        String changes = keys.changesSince(current);
        current = keys;
        return changes;
    }

    /**
     * Returns whether the key of a request has that role, for APIs with their own transport of keys. A valid key is always
     * admitted.
     *
     * @throws RequestRejectedException if the key is wrong, and wrong keys come too fast from its client
     */
    public boolean admits(Request request, Role role, @Nullable String key) {
        ApiKeys keys = current;
        if (role == Role.OPEN || keys.isOpen()) {
            return true;
        }
        if (holds(keys, role, key)) {
            return true;
        }
        if (key != null) {
            countFailure(request);
        }
        return false;
    }

    /** Returns whether the key has that role. All keys are compared, so that the time reveals nothing. */
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
     * Counts a wrong key or signature.
     *
     * @throws RequestRejectedException if they come too fast from its client
     */
    public void countFailure(Request request) {
        failed.count(proxies.client(request));
    }

    private static @Nullable String presented(Request request) {
        String key = inHeader(request);
        return key == null ? null : HeaderText.decoded(key);
    }

    private static @Nullable String inHeader(Request request) {
        String key = request.headers().get("X-API-Key");
        String authorization = request.headers().get("Authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "apikey ", 0, 7)) {
            return authorization.substring(7);
        }
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authorization.substring(7);
        }
        return key;
    }
}
