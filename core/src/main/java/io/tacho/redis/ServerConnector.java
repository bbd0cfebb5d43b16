// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Connects to one server: a given one, or the current master according to the sentinels. */
final class ServerConnector implements RedisConnector {

    private final RedisSettings settings;
    private final RedisURI uri;
    private final ClientResources resources;
    private final AsyncClient client;

    ServerConnector(RedisSettings settings, ClientResources resources) {
        this.settings = settings;
        this.resources = resources;
        uri = settings.deployment().uris().get(0);
        client = new AsyncClient(resources);
        client.setOptions(RedisConnector.options(settings));
    }

    @Override
    public CompletionStage<CommandConnection> connect() {
        return client.connectAsync(CODEC, uri)
                .thenApply(connection -> new CommandConnection(connection, connection.async()));
    }

    @Override
    public Subscription subscription(List<String> channels, EnvelopeReader reader) {
        return new ChannelSubscription(
                () -> client.connectPubSubAsync(CODEC, uri),
                settings.address(),
                resources,
                channels,
                reader,
                settings.commandTimeout());
    }

    @Override
    public String publishCommand() {
        return "PUBLISH";
    }

    @Override
    public void close() {
        RedisTransport.shutDown(client);
    }
}
