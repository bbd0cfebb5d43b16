// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.Transports;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.DnsResolution;
import io.tacho.redis.connection.RedisConnector;
import io.tacho.redis.connection.RedisFailureLog;
import io.tacho.redis.connection.RedisLink;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.Shutdown;
import io.tacho.redis.connection.UnusedEvents;
import io.tacho.store.MembershipLog;
import io.tacho.store.NodeCommands;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TierRetention;
import io.tacho.store.WindowHistory;
import io.tacho.store.alerts.AlertStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The transport over Redis: creates publishers and sources that share its threads. Close them first, then this.
 *
 * <p>Thread safety: safe.
 */
public final class RedisTransport implements AutoCloseable {

    // full jitter: after a failover a thousand nodes must not connect in step
    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS);

    /** A connection that is replaced stays open for the timeouts of as many commands, so that a load of many nodes can end. */
    private static final int LOAD_COMMANDS = 5;

    private final RedisSettings settings;
    private final SnapshotCodec codec;
    private final RedisKeyspace keyspace;
    private final ClientResources resources;
    private final RedisFailureLog log;
    private final RedisConnector connector;

    /**
     * Creates a transport without connecting: publishers and sources connect when they are used.
     *
     * @throws LinkageError if the versions of Lettuce and Netty do not fit each other
     */
    public RedisTransport(RedisSettings settings, SnapshotCodec codec) {
        // links what connections need, which otherwise fails at each attempt
        Objects.requireNonNull(Transports.eventLoopGroupClass());
        this.settings = settings;
        this.codec = codec;
        keyspace = new RedisKeyspace(settings.namespace(), settings.partitions(), settings.previousPartitions());
        DefaultClientResources.Builder client = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .eventBus(new UnusedEvents())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
                .reconnectDelay(RECONNECT_DELAY);
        DnsResolution.configure(client);
        resources = client.build();
        log = new RedisFailureLog(settings);
        connector = RedisConnector.of(settings, log, resources);
    }

    /** {@return a publisher with its own connection} */
    public SnapshotPublisher publisher() {
        return new RedisSnapshotPublisher(link(), connector.publishCommand(), keyspace, codec, log);
    }

    /** {@return a source with its own connections, for the subscription and for commands} */
    public SnapshotSource source() {
        return new RedisSnapshotSource(connector, link(), keyspace, codec);
    }

    /** {@return the cluster's history, with its own connection} */
    public WindowHistory history() {
        return new RedisWindowHistory(link(), keyspace);
    }

    /** {@return the hours, days and months of the cluster, with their own connection} */
    public PeriodStore periods(TierRetention retention) {
        return new RedisPeriodStore(link(), keyspace, retention);
    }

    /**
     * Returns the alert store, with its own connection.
     *
     * @param lease the time after which an unrenewed lease expires
     */
    public AlertStore alertStore(Duration lease) {
        return new RedisAlertStore(link(), keyspace, lease);
    }

    /** {@return the log of membership changes, with its own connection} */
    public MembershipLog membershipLog() {
        return new RedisMembershipLog(link(), keyspace, codec);
    }

    /** {@return the commands of operators to nodes, with their own connection} */
    public NodeCommands commands() {
        return new RedisNodeCommands(link(), keyspace);
    }

    /** {@return the messages of the failures that persist, by cause in lower case; empty while Redis works} */
    public Map<String, String> problems() {
        return log.problems();
    }

    private RedisLink<CommandConnection> link() {
        return new RedisLink<>(
                connector::connect,
                "connect",
                settings.address(),
                log,
                resources,
                connector.leadsToSeveralServers()
                        ? settings.commandTimeout().multipliedBy(LOAD_COMMANDS)
                        : Duration.ZERO);
    }

    @Override
    public void close() {
        connector.close();
        Shutdown.await(resources.shutdown(0, 1, TimeUnit.SECONDS));
    }
}
