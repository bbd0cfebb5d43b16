// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import io.tacho.redis.RedisSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options by which every program finds Redis. */
public final class RedisOptions {

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "Redis, as redis://[[user]:password@]host[:port][/db], or rediss:// with TLS"
                    + " (default: redis://127.0.0.1:6379). Give a password by TACHO_REDIS, not by the flag.")
    private String uri = RedisSettings.DEFAULT_URI;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "First part of every key and channel (default: tacho).")
    private String namespace = RedisSettings.DEFAULT_NAMESPACE;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Hash slots the nodes are spread over; the same in the whole namespace (default: 1).")
    private int partitions = 1;

    @Option(
            names = "--redis-timeout",
            paramLabel = "DURATION",
            description = "After how long an unanswered command has failed (default: 2s).")
    private Duration timeout = Duration.ofSeconds(2);

    /**
     * What the options say.
     *
     * @throws IllegalArgumentException naming the setting that cannot be
     */
    public RedisSettings settings() {
        return new RedisSettings(uri, namespace, partitions, timeout);
    }
}
