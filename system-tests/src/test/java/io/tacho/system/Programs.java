// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.cli.process.TachoCommand;
import io.tacho.process.ChildProcess;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts agents and aggregators as separate processes. */
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

    /** Starts an aggregator with the options of production for the JVM, and a largest heap. */
    static ChildProcess aggregatorOfProduction(
            Path directory, String heap, Map<String, String> environment, String... options) throws IOException {
        List<String> jvm = List.of("@" + Path.of("..", "cli", "jvm", "aggregator.options"), "-Xmx" + heap);
        List<String> arguments = Stream.concat(Stream.of("aggregator", "--listen", "127.0.0.1:0"), Stream.of(options))
                .toList();
        return ChildProcess.start("aggregator", TachoCommand.of(jvm, arguments), directory, environment);
    }

    static ChildProcess aggregator(String redisUri, String... options) throws IOException {
        return TachoProgram.start(
                Map.of("TACHO_REDIS", redisUri),
                Stream.concat(Stream.of("aggregator", "--listen", "127.0.0.1:0"), Stream.of(options))
                        .toArray(String[]::new));
    }
}
