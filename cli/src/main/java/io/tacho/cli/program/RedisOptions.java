// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.RedisTls;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every program for its connection to Redis. */
public class RedisOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = {
                "Address of Redis, with rediss for TLS",
                "(default: redis://127.0.0.1:6379):",
                "redis://host[:port][/db]",
                "redis-sentinel://host[:port][,...][/db]?sentinelMasterId=name",
                "redis-cluster://host[:port][,...]"
            })
    private String uri = RedisSettings.DEFAULT_URI;

    @Option(
            names = "--redis-user",
            paramLabel = "NAME",
            description = "ACL user; its password comes from TACHO_REDIS_PASSWORD or a file.")
    private @Nullable String user;

    @Option(
            names = "--redis-password-file",
            paramLabel = "PATH",
            description = "File with the password; or TACHO_REDIS_PASSWORD in the environment.")
    private @Nullable SecretFile passwordFile;

    @Option(names = "--redis-sentinel-user", paramLabel = "NAME", description = "ACL user at the sentinels.")
    private @Nullable String sentinelUser;

    @Option(
            names = "--redis-sentinel-password-file",
            paramLabel = "PATH",
            description = "File with the sentinels' password; or TACHO_REDIS_SENTINEL_PASSWORD in the environment.")
    private @Nullable SecretFile sentinelPasswordFile;

    @Option(
            names = "--redis-ca",
            paramLabel = "PATH",
            description = "Certificates of the CAs to trust under TLS, PEM (default: Java's).")
    private @Nullable Path ca;

    @Option(names = "--redis-cert", paramLabel = "PATH", description = "Client certificate for TLS, PEM.")
    private @Nullable Path certificate;

    @Option(
            names = "--redis-key",
            paramLabel = "PATH",
            description = "Private key of the client certificate, PEM, PKCS#8, not encrypted.")
    private @Nullable Path key;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "Prefix of every key and channel (default: tacho).")
    private String namespace = RedisSettings.DEFAULT_NAMESPACE;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Number of hash slots for the nodes; the same in the whole namespace (default: 1).")
    private int partitions = 1;

    @Option(
            names = "--redis-timeout",
            paramLabel = "DURATION",
            description = "Time after which a command without a response fails (default: 2s).")
    private Duration timeout = Duration.ofSeconds(2);

    /**
     * Returns the settings that the options give.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    public RedisSettings settings() {
        RedisTls tls = new RedisTls(ca, certificate, key);
        return new RedisSettings(uri, namespace, partitions, timeout, this::credentials, tls);
    }

    /** Reads the password files, so that a new password is used for the next connection. */
    private RedisCredentials credentials() {
        return new RedisCredentials(
                user,
                SecretFile.read(command, "redis-password", passwordFile),
                sentinelUser,
                SecretFile.read(command, "redis-sentinel-password", sentinelPasswordFile));
    }
}
