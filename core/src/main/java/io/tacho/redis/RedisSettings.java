// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where Redis is and what of it is ours.
 *
 * @param uri {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss://…} with TLS
 * @param namespace first part of every key and channel: letters, digits, dot, underscore, hyphen
 * @param partitions into how many hash slots the nodes are spread; the same for everybody in one namespace
 * @param commandTimeout after how long an unanswered command has failed
 */
public record RedisSettings(String uri, String namespace, int partitions, Duration commandTimeout) {

    public static final String DEFAULT_URI = "redis://127.0.0.1:6379";
    public static final String DEFAULT_NAMESPACE = "tacho";

    private static final Pattern URI_FORM = Pattern.compile(
            "rediss?://([^@/?#]*@)?(\\[[0-9a-fA-F:.]+]|[^:/@?#\\[\\]]+)(:\\d{1,5})?(/\\d*)?(\\?[^#]*)?");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public RedisSettings {
        parse(uri);
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "namespace: \"" + namespace + "\" (expected: 1 to 64 letters, digits, '.', '_' or '-')");
        }
        if (partitions < 1 || partitions > 1024) {
            throw new IllegalArgumentException("partitions: " + partitions + " (expected: 1 to 1024)");
        }
        if (commandTimeout.isNegative() || commandTimeout.isZero()) {
            throw new IllegalArgumentException("commandTimeout: " + commandTimeout + " (expected: > 0)");
        }
    }

    /** The defaults, at the given address. */
    public static RedisSettings of(String uri) {
        return new RedisSettings(uri, DEFAULT_NAMESPACE, 1, Duration.ofSeconds(2));
    }

    public RedisSettings withNamespace(String namespace) {
        return new RedisSettings(uri, namespace, partitions, commandTimeout);
    }

    /** Host and port, never credentials: what logs and errors may show. */
    public String address() {
        RedisURI parsed = parse(uri);
        return parsed.getHost() + ":" + parsed.getPort();
    }

    /** Shows no credentials. */
    @Override
    public String toString() {
        return "RedisSettings[" + address() + ", namespace=" + namespace + ", partitions=" + partitions + "]";
    }

    RedisURI redisUri() {
        return parse(uri);
    }

    private static RedisURI parse(String uri) {
        // the client takes a bad port for the default one, so the form is checked first
        if (URI_FORM.matcher(uri).matches()) {
            try {
                return RedisURI.create(uri);
            } catch (IllegalArgumentException e) {
                // told below: the cause is not shown, for like the value it may hold a password
            }
        }
        throw new IllegalArgumentException("redis: not a Redis URI"
                + " (expected: redis://[[user]:password@]host[:port][/database], or rediss:// with TLS;"
                + " special characters in a password URL-encoded)");
    }
}
