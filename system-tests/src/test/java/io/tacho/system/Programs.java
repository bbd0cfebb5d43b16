// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.process.ChildProcess;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** Agents and aggregators as processes of their own, to be ended like them. */
final class Programs {

    private Programs() {}

    static ChildProcess agent(String redisUri, String name, Duration beat, Duration ttl) throws IOException {
        return agent(redisUri, name, beat, ttl, "tacho");
    }

    static ChildProcess agent(String redisUri, String name, Duration beat, Duration ttl, String namespace)
            throws IOException {
        return TachoProgram.start(
                Map.of("TACHO_REDIS", redisUri, "TACHO_NAMESPACE", namespace),
                "agent",
                "--name",
                name,
                "--publish-interval",
                beat.toMillis() + "ms",
                "--ttl",
                ttl.toMillis() + "ms");
    }

    static ChildProcess aggregator(String redisUri, String... options) throws IOException {
        return TachoProgram.start(
                Map.of("TACHO_REDIS", redisUri),
                Stream.concat(Stream.of("aggregator", "--listen", "127.0.0.1:0"), Stream.of(options))
                        .toArray(String[]::new));
    }
}
