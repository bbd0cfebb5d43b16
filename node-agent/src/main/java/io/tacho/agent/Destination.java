// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;

/**
 * The destination of an agent's beats.
 *
 * @param name the name of the destination in the log
 * @param onClosed releases what the publisher uses, after it is closed
 */
public record Destination(String name, SnapshotPublisher publisher, Runnable onClosed) {

    /** The destination of an agent that does not publish. */
    static final Destination NONE = new Destination("none", new DiscardingPublisher(), () -> {});

    /** Returns the destination that publishes to Redis, from which aggregators read. */
    public static Destination redis(RedisSettings settings) {
        RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
        return new Destination("Redis at " + settings.address(), transport.publisher(), transport::close);
    }

    /** {@return whether messages reach anything} */
    boolean publishes() {
        return !(publisher instanceof DiscardingPublisher);
    }

    /** Closes the publisher and what it uses. */
    void close() {
        publisher.close();
        onClosed.run();
    }
}
