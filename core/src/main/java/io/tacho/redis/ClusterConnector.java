// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a Redis Cluster: commands are routed to their master, and the slot map is refreshed whenever a
 * server redirects or cannot be reached.
 */
final class ClusterConnector implements RedisConnector {

    /** For changes without a notification; all others are detected at once. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(60);

    /** At most so often, however many connections complain. */
    private static final Duration REFRESH_PAUSE = Duration.ofMillis(500);

    private final RedisSettings settings;
    private final ClientResources resources;
    private final RedisClusterClient client;
    private final AsyncClient nodes;

    ClusterConnector(RedisSettings settings, ClientResources resources) {
        this.settings = settings;
        this.resources = resources;
        ClientOptions options = RedisConnector.options(settings);
        client = RedisClusterClient.create(resources, settings.deployment().uris());
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
                // a dead master stays on the list without slots: do not try to connect to it forever
                .nodeFilter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
                .build());
        nodes = new AsyncClient(resources);
        // what becomes of a connection to one node is decided by who owns its slots afterwards
        nodes.setOptions(options.mutate().autoReconnect(false).build());
    }

    @Override
    public CompletionStage<CommandConnection> connect() {
        return client.refreshPartitionsAsync()
                .thenCompose(refreshed -> client.connectAsync(CODEC))
                .thenApply(connection -> new CommandConnection(connection, connection.async()));
    }

    @Override
    public Subscription subscription(List<String> channels, EnvelopeReader reader) {
        return new ShardSubscription(this, channels, reader, resources, settings.commandTimeout());
    }

    /** Draws the map of slots anew. */
    CompletionStage<Void> refresh() {
        return client.refreshPartitionsAsync();
    }

    /** The master of a slot as far as is known, or null; only after a first {@link #refresh()}. */
    @Nullable
    RedisURI masterOf(int slot) {
        RedisClusterNode master = client.getPartitions().getPartitionBySlot(slot);
        if (master == null) {
            return null;
        }
        // the slot map has its address; the connection options are the same for all nodes
        return RedisURI.builder(settings.deployment().uris().get(0))
                .withHost(master.getUri().getHost())
                .withPort(master.getUri().getPort())
                .build();
    }

    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> connectPubSub(RedisURI node) {
        return nodes.connectPubSubAsync(CODEC, node);
    }

    @Override
    public String publishCommand() {
        return "SPUBLISH";
    }

    @Override
    public void close() {
        RedisTransport.shutDown(nodes);
        RedisTransport.shutDown(client);
    }
}
