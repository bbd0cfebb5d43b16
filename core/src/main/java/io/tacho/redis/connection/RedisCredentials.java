// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import org.jspecify.annotations.Nullable;

/**
 * The credentials for Redis and its sentinels; they take precedence over those of the URI.
 *
 * @param user ACL user; null for the URI's, or the default user
 * @param password null for the URI's, or none
 * @param sentinelUser ACL user at the sentinels; null for the default user
 * @param sentinelPassword null if the sentinels require none
 */
public record RedisCredentials(
        @Nullable String user,
        @Nullable String password,
        @Nullable String sentinelUser,
        @Nullable String sentinelPassword) {

    /** No credentials: those of the URI are used. */
    public static final RedisCredentials NONE = new RedisCredentials(null, null, null, null);

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public RedisCredentials {
        requireFilled("redis-user", user);
        requireFilled("redis-password", password);
        requireFilled("redis-sentinel-user", sentinelUser);
        requireFilled("redis-sentinel-password", sentinelPassword);
        if (sentinelUser != null && sentinelPassword == null) {
            throw new IllegalArgumentException(
                    "redis-sentinel-user: given without a password (expected: redis-sentinel-password too)");
        }
    }

    private static void requireFilled(String setting, @Nullable String value) {
        if (value != null && value.isEmpty()) {
            throw new IllegalArgumentException(setting + ": empty (expected: at least one character, or not given)");
        }
    }

    /** Shows no secrets. */
    @Override
    public String toString() {
        return "RedisCredentials[user=" + user + ", password=" + (password == null ? "none" : "***") + ", sentinelUser="
                + sentinelUser + ", sentinelPassword=" + (sentinelPassword == null ? "none" : "***") + "]";
    }
}
