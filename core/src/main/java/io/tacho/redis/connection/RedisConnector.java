// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Establishes connections to a kind of deployment: one server at a time, or a cluster. */
public interface RedisConnector extends AutoCloseable {

    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** {@return the connector for the kind of deployment that the URI of the settings names} */
    static RedisConnector of(RedisSettings settings, RedisFailureLog log, ClientResources resources) {
        return settings.deployment().kind() == RedisDeployment.Kind.CLUSTER
                ? new ClusterConnector(settings, log, resources)
                : new ServerConnector(settings, log, resources);
    }

    /**
     * Establishes a connection for commands.
     *
     * @param whenLost to be run when the connection is lost, unless the client establishes it again by itself
     */
    CompletionStage<CommandConnection> connect(Runnable whenLost);

    /**
     * Returns a subscription to the channels of all partitions, not started.
     *
     * @param channels by partition
     */
    Subscription subscription(List<String> channels, EnvelopeReader reader);

    /** {@return whether a connection for commands leads to several servers, some of which may respond while others do not} */
    boolean leadsToSeveralServers();

    /** {@return the command that publishes to the subscription} */
    String publishCommand();

    /** Closes the remaining connections, waiting for it a bounded time. */
    @Override
    void close();
}
