// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Connects to one server: a given one, or the one that the sentinels name as the master at that time. Replicas are rejected. */
final class ServerConnector implements RedisConnector {

    private final RedisSettings settings;
    private final RedisURI uri;
    private final ClientResources resources;
    private final RedisFailureLog log;
    private final AsyncClient client;
    /** That for commands, and that of each subscription. */
    private final List<AsyncClient> clients = new CopyOnWriteArrayList<>();

    ServerConnector(RedisSettings settings, RedisFailureLog log, ClientResources resources) {
        this.settings = settings;
        this.log = log;
        this.resources = resources;
        uri = settings.deployment().uris().get(0);
        client = client(resources);
    }

    @Override
    public CompletionStage<CommandConnection> connect(Runnable whenLost) {
        return client.connectAsync(CODEC, uri)
                .thenCompose(ServerConnector::accept)
                .thenApply(connection -> {
                    connection.addListener(ServerRole.whenDisconnected(whenLost));
                    return new CommandConnection(connection, connection.async());
                });
    }

    private AsyncClient client(ClientResources itsResources) {
        AsyncClient created = new AsyncClient(itsResources);
        // the link connects again: with credentials that are read again, a role that is checked, and a log
        created.setOptions(
                ConnectionOptions.of(settings).mutate().autoReconnect(false).build());
        clients.add(created);
        return created;
    }

    /** Closes a connection to a server that is not to be used. */
    private static <C extends StatefulConnection<String, byte[]>> CompletionStage<C> accept(C connection) {
        RejectedServerException problem = ServerRole.problem(connection);
        if (problem == null) {
            return CompletableFuture.completedFuture(connection);
        }
        connection.closeAsync();
        return CompletableFuture.failedFuture(problem);
    }

    @Override
    public Subscription subscription(List<String> channels, EnvelopeReader reader) {
        AsyncClient subscriber = client(MessageHandler.on(resources, reader));
        return new ChannelSubscription(
                () -> subscriber.connectPubSubAsync(CODEC, uri).thenCompose(ServerConnector::accept),
                settings.address(),
                log,
                resources,
                channels,
                reader,
                settings.commandTimeout());
    }

    @Override
    public boolean leadsToSeveralServers() {
        return false;
    }

    @Override
    public String publishCommand() {
        return "PUBLISH";
    }

    @Override
    public void close() {
        Shutdown.close(clients);
    }
}
