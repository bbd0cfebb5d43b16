// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.redis.RedisSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an aggregator works.
 *
 * @param listen where HTTP is served; port 0 takes a free one
 * @param apiSecret what callers have to know; null leaves the API open
 * @param insecureApi open without a secret, on whatever address
 * @param redis where the nodes report to
 * @param sweepInterval how often the whole registry is read again
 * @param maxNodes more nodes are refused
 * @param maxConnections more connections are closed at once
 */
public record AggregatorSettings(
        InetSocketAddress listen,
        @Nullable ApiSecret apiSecret,
        boolean insecureApi,
        RedisSettings redis,
        Duration sweepInterval,
        int maxNodes,
        int maxConnections) {

    public static final String DEFAULT_LISTEN = "127.0.0.1:7022";
    public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofSeconds(15);
    public static final int DEFAULT_MAX_NODES = 100_000;
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public AggregatorSettings {
        if (apiSecret != null && insecureApi) {
            throw new IllegalArgumentException("insecure-api: given together with api-secret (expected: one of them)");
        }
        InetAddress address = listen.getAddress();
        if (address == null) {
            throw new IllegalArgumentException(
                    "listen: unknown host " + listen.getHostString() + " (expected: an address of this machine)");
        }
        if (apiSecret == null && !insecureApi && !address.isLoopbackAddress()) {
            throw new IllegalArgumentException("listen: " + listen.getHostString()
                    + " can be reached from other machines and there is no key"
                    + " (expected: TACHO_API_SECRET, or --insecure-api if everybody may read)");
        }
        if (sweepInterval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "sweep-interval: " + sweepInterval.toMillis() + "ms (expected: at least 1s)");
        }
        requirePositive("max-nodes", maxNodes);
        requirePositive("max-connections", maxConnections);
    }

    /** The defaults: open on loopback. */
    public static AggregatorSettings of(InetSocketAddress listen, RedisSettings redis) {
        return new AggregatorSettings(
                listen, null, false, redis, DEFAULT_SWEEP_INTERVAL, DEFAULT_MAX_NODES, DEFAULT_MAX_CONNECTIONS);
    }

    private static void requirePositive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: at least 1)");
        }
    }
}
