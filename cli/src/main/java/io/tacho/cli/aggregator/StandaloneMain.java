// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.SecretFile;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** An aggregator with a Redis of its own, as a program. */
@Command(
        name = "tacho standalone",
        versionProvider = Program.Version.class,
        description = {
            "An aggregator together with a Redis, for clusters without one: agents report to its Redis, and it serves",
            "their data over HTTP as 'tacho aggregator' does. Redis is a child process and ends with the program."
        },
        footer = {
            "",
            "Every option is also an environment variable, --max-nodes is TACHO_MAX_NODES, and a key of the",
            "configuration file, max-nodes.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        })
public final class StandaloneMain extends AggregatorCommand {

    private static final Logger logger = LoggerFactory.getLogger(StandaloneMain.class);

    private static final String PASSWORD = "redis-password";

    @Option(
            names = "--redis-listen",
            paramLabel = "HOST:PORT",
            description = "Where Redis serves agents; other addresses than loopback need a password"
                    + " (default: 127.0.0.1:6379).")
    private String redisListen = "127.0.0.1:6379";

    @Option(
            names = "--redis-password-file",
            paramLabel = "PATH",
            description = "File with the password of Redis; or TACHO_REDIS_PASSWORD in the environment.")
    private @Nullable SecretFile passwordFile;

    @Option(
            names = "--redis-server",
            paramLabel = "PATH",
            description = "The program (default: redis-server or valkey-server on the PATH, else the one in this jar).")
    private @Nullable Path redisServer;

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where Redis keeps the history over restarts; it has to exist (default: in memory only).")
    private @Nullable Path data;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "First part of all keys; the same for all agents (default: tacho).")
    private String namespace = RedisSettings.DEFAULT_NAMESPACE;

    private @Nullable InetSocketAddress address;
    private @Nullable String password;

    @Override
    RedisSettings redis(CommandSpec command) {
        if (redisServer != null) {
            StandaloneRedis.checkProgram(redisServer);
        }
        InetSocketAddress parsed = ListenAddress.parse("redis-listen", redisListen);
        address = parsed;
        password = SecretFile.read(command, PASSWORD, passwordFile);
        if (password != null && password.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    PASSWORD + ": has a line break or a control character (expected: one line of text)");
        }
        if (parsed.getPort() == 0) {
            throw new IllegalArgumentException(
                    "redis-listen: port 0 (expected: 1 to 65535, which agents can be given)");
        }
        if (parsed.isUnresolved()) {
            throw new IllegalArgumentException(
                    "redis-listen: unknown host " + parsed.getHostString() + " (expected: an address of this machine)");
        }
        if (password == null && !parsed.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("redis-listen: " + redisListen
                    + " without a password (expected: TACHO_REDIS_PASSWORD or --redis-password-file, or loopback)");
        }
        String host = StandaloneRedis.reachable(parsed);
        RedisSettings settings =
                RedisSettings.of("redis://" + host + ":" + parsed.getPort()).withNamespace(namespace);
        return password == null ? settings : settings.withCredentials(new RedisCredentials(null, password, null, null));
    }

    @Override
    Runnable prepare() throws IOException {
        if (address == null) {
            throw new IllegalStateException("no address");
        }
        StandaloneRedis redis = StandaloneRedis.start(redisServer, address, password, data);
        // where the terminal's Ctrl-C ends Redis too
        Runtime.getRuntime().addShutdownHook(new Thread(redis::expectEnd, "tacho-redis-end"));
        redis.onUnexpectedEnd(status -> {
            logger.error("Redis ended with status {}; the program ends too", status);
            System.exit(Program.FAILED);
        });
        return redis::close;
    }
}
