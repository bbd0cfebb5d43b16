// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisReaderOptions;
import io.tacho.redis.connection.RedisSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The aggregator as a program. */
@Command(
        name = "tacho aggregator",
        versionProvider = Program.Version.class,
        description = {
            "Follows all nodes that report to Redis and serves their data over HTTP:",
            "GET / (dashboard), /stats, /nodes, /cluster, /history, /membership, /events, /alerts, /metrics, /pick, /openapi.json,",
            "/-/healthy, /-/ready, POST /nodes/<uid>/drain, POST /api/ (Centrifugo v1), POST /api (Centrifugo v2 to v6).",
            "SIGHUP reads keys, rules for alerts, certificate and log levels again."
        },
        footer = {
            "",
            "Every option is also an environment variable, --max-nodes is TACHO_MAX_NODES, and a key of the",
            "configuration file, max-nodes.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class AggregatorMain extends AggregatorCommand {

    @Mixin
    private final RedisReaderOptions redis = new RedisReaderOptions();

    @Override
    RedisSettings redis(CommandSpec command) {
        return redis.settings();
    }

    @Override
    Runnable prepare() {
        return () -> {};
    }
}
