// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.aggregator.period.TierSettings;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The settings of an aggregator.
 *
 * @param http where and how HTTP is served
 * @param insecure whether it may be open without a key, and to whom
 * @param redis where the nodes report to
 * @param sweepInterval how often the whole registry is read again
 * @param memory the limits of what is kept in memory
 * @param clusterName names the cluster for people: 1 to {@value #MAX_CLUSTER_NAME} printable characters
 * @param tiers how long hours, days and months are stored, and when they begin
 */
public record AggregatorSettings(
        HttpSettings http,
        Insecure insecure,
        RedisSettings redis,
        Duration sweepInterval,
        MemoryLimits memory,
        String clusterName,
        TierSettings tiers) {

    /** The permission to serve clients without a key. */
    public enum Insecure {
        /** Not set: an open server listens on loopback only, with a warning. */
        NOT_ALLOWED,
        /** Set once: open on loopback. */
        ON_LOOPBACK,
        /** Set twice: open on any address. */
        ANYWHERE
    }

    public static final String DEFAULT_LISTEN = "127.0.0.1:7022";
    public static final Duration DEFAULT_SWEEP_INTERVAL = Duration.ofSeconds(15);
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;
    public static final int MAX_CLUSTER_NAME = 128;

    /**
     * Creates settings.
     *
     * @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value
     */
    public AggregatorSettings {
        SettingErrors errors = new SettingErrors();
        boolean isOpen = http.keys().isOpen();
        errors.require(
                isOpen || insecure == Insecure.NOT_ALLOWED,
                () -> "insecure-api: given together with a key (expected: one of them)");
        InetAddress address = http.address().getAddress();
        String host = http.address().getHostString();
        errors.require(
                address != null, () -> "listen: unknown host " + host + " (expected: an address of this machine)");
        errors.require(
                address == null || !isOpen || insecure == Insecure.ANYWHERE || address.isLoopbackAddress(),
                () -> "listen: " + host + " can be reached from other machines and there is no key"
                        + " (expected: TACHO_API_SECRET, or --insecure-api given twice if everybody may read)");
        errors.require(
                sweepInterval.compareTo(Duration.ofSeconds(1)) >= 0,
                () -> "sweep-interval: " + Durations.format(sweepInterval) + " (expected: at least 1s)");
        errors.require(
                !clusterName.isBlank()
                        && clusterName.length() <= MAX_CLUSTER_NAME
                        && clusterName.chars().noneMatch(Character::isISOControl),
                () -> "cluster-name: " + (clusterName.isBlank() ? "empty" : clusterName.length() + " characters")
                        + " (expected: 1 to " + MAX_CLUSTER_NAME + " characters, no control characters)");
        errors.throwIfAny();
    }

    /**
     * Creates settings of a cluster that is named by its namespace.
     *
     * @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value
     */
    public AggregatorSettings(
            HttpSettings http, Insecure insecure, RedisSettings redis, Duration sweepInterval, MemoryLimits memory) {
        this(http, insecure, redis, sweepInterval, memory, redis.namespace(), TierSettings.DEFAULT);
    }

    /** Returns the same with other keys. */
    public AggregatorSettings withKeys(ApiKeys keys) {
        return new AggregatorSettings(http.withKeys(keys), insecure, redis, sweepInterval, memory, clusterName, tiers);
    }

    /** Returns the defaults: open on loopback. */
    public static AggregatorSettings of(InetSocketAddress listen, RedisSettings redis) {
        return new AggregatorSettings(
                HttpSettings.of(listen, DEFAULT_MAX_CONNECTIONS, null),
                Insecure.NOT_ALLOWED,
                redis,
                DEFAULT_SWEEP_INTERVAL,
                MemoryLimits.ofThisJvm());
    }
}
