// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;

/**
 * The destination of an agent's beats.
 *
 * @param name for the log
 * @param rest what is to be released after the publisher
 */
public record Destination(String name, SnapshotPublisher publisher, Runnable rest) {

    /** The destination of an agent that does not publish. */
    static final Destination NONE = new Destination("none", new DiscardingPublisher(), () -> {});

    /** Redis, as every aggregator reads it. */
    public static Destination redis(RedisSettings settings) {
        RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
        return new Destination("Redis at " + settings.address(), transport.publisher(), transport::close);
    }

    /** {@return whether messages reach anything} */
    boolean publishes() {
        return !(publisher instanceof DiscardingPublisher);
    }

    void close() {
        publisher.close();
        rest.run();
    }
}
