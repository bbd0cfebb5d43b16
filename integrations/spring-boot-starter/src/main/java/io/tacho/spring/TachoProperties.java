// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.RedisTls;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the agent; their names are those of the program {@code tacho agent}.
 *
 * @param enabled whether the agent runs
 * @param name name of the node; default: host name and port, for example chat-1_8080
 * @param address where clients or scrapers reach the node: host:port, or a URL; default: none is reported
 * @param capacity number of clients that the node is meant to serve, for load balancers; 0 to report none
 * @param redis URI of Redis: redis://, redis-sentinel:// or redis-cluster://, each with rediss for TLS
 * @param redisUser ACL user; it needs a password too
 * @param redisPassword password of Redis; takes precedence over that of the URI
 * @param redisCa certificates to trust under TLS, PEM; default: those of Java
 * @param redisCert client certificate for TLS, PEM
 * @param redisKey private key of the client certificate, PEM, PKCS#8
 * @param redisTimeout time after which a command without a response has failed
 * @param namespace first part of every key and channel; the same for all agents and aggregators of a cluster
 * @param partitions number of hash slots of the nodes; the same for all agents and aggregators of a cluster
 * @param metricsInterval window of counters and timers, whole seconds; default: 60s
 * @param publishInterval time between two beats; default: 5s, or the metrics interval if that is shorter
 * @param ttl time without a beat after which the node is lost; default: three publish intervals
 * @param history retention of this node's windows in the history of the cluster; 0s for none; default: 24h
 * @param windowDetail whether beats carry histograms and sketches, for quantiles and distinct users of the cluster
 * @param websocket whether WebSocket sessions and STOMP messages are recorded
 */
@ConfigurationProperties("tacho")
public record TachoProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String name,
        @Nullable String address,
        @DefaultValue("0") long capacity,
        @DefaultValue(RedisSettings.DEFAULT_URI) String redis,
        @Nullable String redisUser,
        @Nullable String redisPassword,
        @Nullable Path redisCa,
        @Nullable Path redisCert,
        @Nullable Path redisKey,
        @DefaultValue("2s") Duration redisTimeout,
        @DefaultValue(RedisSettings.DEFAULT_NAMESPACE) String namespace,
        @DefaultValue("1") int partitions,
        @Nullable Duration metricsInterval,
        @Nullable Duration publishInterval,
        @Nullable Duration ttl,
        @Nullable Duration history,
        @DefaultValue("true") boolean windowDetail,
        @DefaultValue("true") boolean websocket) {

    /**
     * Returns the settings of the connection to Redis.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    RedisSettings redisSettings() {
        RedisCredentials credentials = new RedisCredentials(redisUser, redisPassword, null, null);
        return new RedisSettings(
                redis,
                namespace,
                partitions,
                redisTimeout,
                () -> credentials,
                new RedisTls(redisCa, redisCert, redisKey));
    }

    /** Shows no secrets. */
    @Override
    public String toString() {
        return "TachoProperties[name=" + name + ", namespace=" + namespace + "]";
    }
}
