// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisSettings;
import io.tacho.redis.RedisTransport;
import io.tacho.transport.SnapshotPublisher;
import java.io.PrintStream;

/**
 * Where an agent's beats go.
 *
 * @param name for the log
 * @param rest what is to be released after the publisher
 */
record Destination(String name, SnapshotPublisher publisher, Runnable rest) {

    /** Redis, as every aggregator reads it. */
    static Destination redis(RedisSettings settings) {
        RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
        return new Destination("Redis at " + settings.address(), transport.publisher(), transport::close);
    }

    /** A line of JSON for each snapshot, for people to look at. */
    static Destination lines(PrintStream out) {
        return new Destination("standard output", new LinePublisher(out, new SnapshotCodec()), () -> {});
    }

    void close() {
        publisher.close();
        rest.run();
    }
}
