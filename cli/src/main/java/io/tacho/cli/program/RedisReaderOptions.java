// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.redis.connection.RedisSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of programs that read the nodes of a namespace. */
public final class RedisReaderOptions extends RedisOptions {

    @Option(
            names = "--previous-partitions",
            paramLabel = "N",
            description = {
                "Number of partitions of nodes that are still to be moved: while it is changed, both are read",
                "(default: none)."
            })
    private @Nullable Integer previousPartitions;

    @Override
    public RedisSettings settings() {
        RedisSettings settings = super.settings();
        return previousPartitions == null ? settings : settings.withPreviousPartitions(previousPartitions);
    }
}
