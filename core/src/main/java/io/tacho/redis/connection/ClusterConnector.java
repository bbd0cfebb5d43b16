// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a Redis Cluster: the client routes commands to their master, and loads the map of slots again whenever a
 * server reports that it is wrong or is unreachable.
 */
final class ClusterConnector implements RedisConnector {

    /** Finds changes that no server reports; the others are reported at once. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(60);

    /** The minimum time between two refreshes. */
    private static final Duration REFRESH_PAUSE = Duration.ofMillis(500);

    private final RedisSettings settings;
    private final RedisFailureLog log;
    private final ClientResources resources;
    private final AsyncClusterClient client;
    private final List<AsyncClient> subscribers = new CopyOnWriteArrayList<>();

    ClusterConnector(RedisSettings settings, RedisFailureLog log, ClientResources resources) {
        this.settings = settings;
        this.log = log;
        this.resources = resources;
        ClientOptions options = ConnectionOptions.of(settings);
        client = new AsyncClusterClient(resources, settings.deployment().uris());
        // connections to nodes come about with the first command for them, which has to wait for that
        ClientOptions patient = options.mutate()
                .disconnectedBehavior(DisconnectedBehavior.ACCEPT_COMMANDS)
                .build();
        client.setOptions(ClusterClientOptions.builder(patient)
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(REFRESH_INTERVAL)
                        .adaptiveRefreshTriggersTimeout(REFRESH_PAUSE)
                        .refreshTriggersReconnectAttempts(1)
                        .build())
                // a dead master stays on the list without slots: do not connect to it
                .nodeFilter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
                .build());
    }

    @Override
    public CompletionStage<CommandConnection> connect(Runnable whenLost) {
        return client.refreshPartitionsAsync()
                .thenCompose(refreshed -> client.connectAsync(CODEC))
                .thenApply(connection -> new CommandConnection(connection, connection.async()));
    }

    @Override
    public Subscription subscription(List<String> channels, EnvelopeReader reader) {
        AsyncClient subscriber = new AsyncClient(MessageHandler.on(resources, reader));
        // after a lost connection the owner of the slots decides where to connect
        subscriber.setOptions(
                ConnectionOptions.of(settings).mutate().autoReconnect(false).build());
        subscribers.add(subscriber);
        return new ShardSubscription(this, subscriber, channels, reader, log, resources, settings.commandTimeout());
    }

    /** Loads the map of slots. */
    CompletionStage<Void> refresh() {
        return client.refreshPartitionsAsync();
    }

    /** {@return the master of a slot, null if it is not known; only after a first {@link #refresh()}} */
    @Nullable
    RedisURI masterOf(int slot) {
        RedisClusterNode master = client.getPartitions().getPartitionBySlot(slot);
        if (master == null) {
            return null;
        }
        // address of the map; credentials and TLS are the same for all nodes
        return RedisURI.builder(settings.deployment().uris().get(0))
                .withHost(master.getUri().getHost())
                .withPort(master.getUri().getPort())
                .build();
    }

    @Override
    public boolean leadsToSeveralServers() {
        return true;
    }

    @Override
    public String publishCommand() {
        return "SPUBLISH";
    }

    @Override
    public void close() {
        List<AbstractRedisClient> clients = new ArrayList<>(subscribers);
        clients.add(client);
        Shutdown.close(clients);
    }
}
