// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The settings of the connection to Redis: address, credentials and key space.
 *
 * @param uri {@code redis://…}, {@code redis-sentinel://…} or {@code redis-cluster://…}, each with {@code rediss} for TLS;
 *     their forms are in the module's README
 * @param namespace first part of every key and channel: letters, digits, dot, underscore, hyphen
 * @param partitions the number of hash slots of the nodes, 1 to 1024; the same for the whole namespace
 * @param previousPartitions the number of partitions of nodes that have not been moved yet, for readers; that of the partitions if all are
 * @param commandTimeout after how long an unanswered command has failed, 10 ms to 1 h
 * @param credentials take precedence over those of the URI; read now and again for every connection
 * @param tls whom we trust and our certificate; only with a {@code rediss} URI
 */
public record RedisSettings(
        String uri,
        String namespace,
        int partitions,
        int previousPartitions,
        Duration commandTimeout,
        Supplier<RedisCredentials> credentials,
        RedisTls tls) {

    public static final String DEFAULT_URI = "redis://127.0.0.1:6379";
    public static final String DEFAULT_NAMESPACE = "tacho";

    /** Below it not even a server on the same machine responds in time. */
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /**
     * Creates settings.
     *
     * @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value
     */
    public RedisSettings {
        SettingErrors errors = new SettingErrors();
        boolean encrypted = errors.valueOr(
                () -> RedisDeployment.of(uri, credentials, commandTimeout).tls(), true);
        errors.require(
                encrypted || tls.isDefault(),
                () -> (tls.ca() == null ? "redis-cert" : "redis-ca")
                        + ": given with a URI without TLS (expected: rediss://…, rediss-sentinel://… or rediss-cluster://…)");
        errors.require(
                NAMESPACE.matcher(namespace).matches(),
                () -> "namespace: \"" + namespace + "\" (expected: 1 to 64 letters, digits, '.', '_' or '-')");
        errors.require(
                partitions >= 1 && partitions <= 1024, () -> "partitions: " + partitions + " (expected: 1 to 1024)");
        errors.require(
                previousPartitions == partitions || (previousPartitions >= 1 && previousPartitions <= 1024),
                () -> "previous-partitions: " + previousPartitions + " (expected: 1 to 1024)");
        errors.require(
                commandTimeout.compareTo(MIN_TIMEOUT) >= 0 && commandTimeout.compareTo(MAX_TIMEOUT) <= 0,
                () -> "redis-timeout: " + Durations.format(commandTimeout) + " (expected: 10ms to 1h)");
        errors.throwIfAny();
    }

    /** Creates settings without previous partitions. */
    public RedisSettings(
            String uri,
            String namespace,
            int partitions,
            Duration commandTimeout,
            Supplier<RedisCredentials> credentials,
            RedisTls tls) {
        this(uri, namespace, partitions, partitions, commandTimeout, credentials, tls);
    }

    /** With the URI's credentials and Java's trust store. */
    public RedisSettings(String uri, String namespace, int partitions, Duration commandTimeout) {
        this(uri, namespace, partitions, commandTimeout, () -> RedisCredentials.NONE, RedisTls.DEFAULT);
    }

    /** Returns the defaults, at the given address. */
    public static RedisSettings of(String uri) {
        return new RedisSettings(uri, DEFAULT_NAMESPACE, 1, Duration.ofSeconds(2));
    }

    public RedisSettings withNamespace(String namespace) {
        return new RedisSettings(uri, namespace, partitions, previousPartitions, commandTimeout, credentials, tls);
    }

    /** Returns settings without previous partitions. */
    public RedisSettings withPartitions(int partitions) {
        return new RedisSettings(uri, namespace, partitions, commandTimeout, credentials, tls);
    }

    /** Returns settings of a reader that also follows the nodes which are still in the previous partitions. */
    public RedisSettings withPreviousPartitions(int previousPartitions) {
        return new RedisSettings(uri, namespace, partitions, previousPartitions, commandTimeout, credentials, tls);
    }

    public RedisSettings withCredentials(RedisCredentials credentials) {
        return withCredentials(() -> credentials);
    }

    /** Returns settings whose credentials are read again for every connection, so that they may change. */
    public RedisSettings withCredentials(Supplier<RedisCredentials> credentials) {
        return new RedisSettings(uri, namespace, partitions, previousPartitions, commandTimeout, credentials, tls);
    }

    public RedisSettings withTls(RedisTls tls) {
        return new RedisSettings(uri, namespace, partitions, previousPartitions, commandTimeout, credentials, tls);
    }

    /** Hosts and ports, never credentials: what logs and errors may show. */
    public String address() {
        return deployment().address();
    }

    /** Shows no credentials. */
    @Override
    public String toString() {
        return "RedisSettings[" + address() + ", namespace=" + namespace + ", partitions=" + partitions + "]";
    }

    /** {@return the ACL user at the sentinels, for logs} */
    String sentinelUser() {
        String given = credentials.get().sentinelUser();
        return given == null ? "default" : given;
    }

    RedisDeployment deployment() {
        return RedisDeployment.of(uri, credentials, commandTimeout);
    }
}
