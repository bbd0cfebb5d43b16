// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.AclRules;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a single server. */
class RedisPermissionsIT extends RedisPermissionsContract {

    private static EmbeddedRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> admin;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = EmbeddedRedis.start(0, AclRules.options("server"));
        client = RedisClient.create();
        admin = client.connect(RedisURI.create(redis.uri())).sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown();
        redis.close();
    }

    static Stream<String[]> permissions() throws IOException {
        return permissions("server");
    }

    @Override
    String deployment() {
        return "server";
    }

    @Override
    List<RedisCommands<String, String>> admins() {
        return List.of(admin);
    }

    @Override
    RedisSettings settings() {
        return RedisSettings.of(redis.uri());
    }

    /** Granted for older versions. */
    @Override
    Set<String> unused() {
        return Set.of("+ping");
    }

    @Test
    void channel_revokedAndGrantedAgain_isReportedWithCommandAndChannel() throws IOException {
        String rule = rules().get(1);
        setUser(rule.replace(" &{tacho:*}:snapshots", ""));

        await().atMost(RECOVERY)
                .untilAsserted(
                        () -> assertThat(log.warnings())
                                .anySatisfy(
                                        line -> assertThat(line)
                                                .startsWith(
                                                        "permission denied by Redis at 127.0.0.1:" + redis.port()
                                                                + ", user tacho-aggregator, for SUBSCRIBE {tacho:0}:snapshots; trying again: NOPERM")));
        assertThat(isSubscribed()).isFalse();
        setUser(rule);

        await().atMost(RECOVERY).until(this::isSubscribed);
        assertThat(log.lines())
                .anySatisfy(line -> assertThat(line).endsWith("SUBSCRIBE {tacho:0}:snapshots works again"));
    }

    @Test
    void command_isNamedWhereAScriptIsDenied() throws IOException {
        setUser(rules().get(0).replace(" +hset", ""));

        assertThat(failures()).isNotEmpty();

        assertThat(log.warnings())
                .contains("permission denied by Redis at 127.0.0.1:" + redis.port()
                        + ", user tacho-agent, for beat (hset); trying again: "
                        + messageOf(publisher.publish(Snapshots.beat("u1", 1_000))));
    }

    private static String messageOf(CompletionStage<?> failing) {
        String message = failing.handle((done, failure) -> failure)
                .toCompletableFuture()
                .join()
                .getCause()
                .getMessage();
        return message.substring(message.indexOf(": ") + 2);
    }

    @Test
    void password_changedInRedisAndInTheFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), AclRules.PASSWORD);
        stop();
        Supplier<RedisCredentials> credentials = () -> {
            try {
                return new RedisCredentials("tacho-aggregator", Files.readString(file), null, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        start(settings("tacho-agent"), RedisSettings.of(redis.uri()).withCredentials(credentials));
        await().atMost(RECOVERY).until(this::isSubscribed);
        String changed = rules().get(1).replace(AclRules.PASSWORD, "changed");

        setUser(changed);
        admin.clientKill(KillArgs.Builder.typePubsub());
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(log.warnings())
                        .containsExactly("user or password rejected by Redis at 127.0.0.1:" + redis.port()
                                + ", user tacho-aggregator; reading the password again and trying again: WRONGPASS invalid"
                                + " username-password pair or user is disabled."));
        Files.writeString(file, "changed");

        await().atMost(RECOVERY).until(this::isSubscribed);
    }
}
