// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.MembershipLog;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.testing.AclRules;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ACL rules of a single server. */
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

    /** Granted for older versions only. */
    @Override
    Set<String> unused() {
        return Set.of("+ping");
    }

    @Test
    void channelRevokedAndGranted_isReported_withCommandAndChannel() throws IOException {
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
    void scriptDenied_commandIsNamedInLog() throws IOException {
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

    /** Redis does not roll back scripts, so a denied operation must fail before its first write. */
    @Test
    void deniedBeat_changesNothing() throws Exception {
        for (String[] without : AclRules.permissions(rules().get(0))) {
            String uid = "denied" + without[1].hashCode();
            String node = "{tacho:0}:node:" + uid;
            get(publisher.publish(Snapshots.beat(uid, 1)));
            Map<String, String> before = admin.hgetall(node);

            setUser(without[1]);
            boolean done = isDone(publisher.publish(Snapshots.beat(uid, 2)));
            boolean firstDone = isDone(publisher.publish(Snapshots.beat(uid + "-new", 2)));
            assertThat(admin.zscore("{tacho:0}:nodes", uid + "-new") != null)
                    .as("registered without %s", without[0])
                    .isEqualTo(admin.exists(node + "-new") == 1)
                    .isEqualTo(firstDone);

            assertThat(admin.hgetall(node).equals(before)).as(without[0]).isEqualTo(!done);
            assertThat(admin.pttl(node)).as("TTL without %s", without[0]).isPositive();
            setUser(rules().get(0));
            await().atMost(RECOVERY).until(() -> isDone(publisher.publish(Snapshots.beat(uid, 3))));
            assertThat(admin.zscore("{tacho:0}:nodes", uid)).isNotNull();
        }
    }

    @Test
    void deniedPublish_isLoggedOnce_beatIsStored() throws Exception {
        String rule = rules().get(0);
        for (String without : List.of(rule.replace(" +publish", ""), rule.replace(" &{tacho:*}:snapshots", ""))) {
            String node = "{tacho:0}:node:stored" + without.hashCode();
            setUser(without);

            for (int seq = 1; seq < 4; seq++) {
                get(publisher.publish(Snapshots.beat("stored" + without.hashCode(), seq)));
            }

            assertThat(admin.hget(node, "seq")).isEqualTo("3");
            assertThat(admin.pttl(node)).isPositive();
            setUser(rule);
            get(publisher.publish(Snapshots.beat("stored" + without.hashCode(), 4)));
        }
        assertThat(log.warnings())
                .hasSize(1)
                .first(as(STRING))
                .startsWith("permission denied by Redis at 127.0.0.1:" + redis.port()
                        + ", user tacho-agent, for PUBLISH {tacho:0}:snapshots");
        assertThat(log.lines()).last(as(STRING)).endsWith("PUBLISH {tacho:0}:snapshots works again");
    }

    @Test
    void deniedUpload_changesNothing_isCountedOnceWhenGranted() throws Exception {
        for (String[] without : AclRules.permissions(rules().get(0))) {
            String uid = "denied" + without[1].hashCode();
            String window = "{tacho:0}:window:60:" + SLOT;
            admin.del(window);
            get(publisher.upload(batch(uid, 0, 7, minute(SLOT, 1))));
            Map<String, String> before = admin.hgetall(window);

            setUser(without[1]);
            boolean done = isDone(publisher.upload(batch(uid, 7, 8, minute(SLOT, 1))));

            assertThat(admin.hgetall(window).equals(before)).as(without[0]).isEqualTo(!done);
            assertThat(admin.get("{tacho:0}:uploaded:" + uid)).as(without[0]).isEqualTo(done ? "8" : "7");
            setUser(rules().get(0));
            await().atMost(RECOVERY).until(() -> isDone(publisher.upload(batch(uid, 7, 8, minute(SLOT, 1)))));
            assertThat(admin.hgetall(window))
                    .as(without[0])
                    .containsEntry("windows", "2")
                    .containsOnlyKeys("windows", "1:" + uid + ":7", "2:" + uid + ":8");
            assertThat(admin.zscore("{tacho:0}:windows", "60:" + SLOT)).isNotNull();
        }
    }

    @Test
    void deniedMembershipChange_changesNothing_isWrittenOnceWhenGranted() throws Exception {
        String log = "{tacho:0}:membership";
        long seq = 0;
        for (String[] without : AclRules.permissions(rules().get(1))) {
            String uid = "denied" + seq++;
            get(append(uid + "-before", seq));
            List<String> before = admin.lrange(log, 0, -1);
            Map<String, String> last = admin.hgetall(log + ":last");

            setUser(without[1]);
            boolean done = isDone(append(uid, seq));

            assertThat(admin.lrange(log, 0, -1).equals(before)).as(without[0]).isEqualTo(!done);
            assertThat(admin.hgetall(log + ":last").equals(last)).as(without[0]).isEqualTo(!done);
            setUser(rules().get(1));
            long now = seq;
            await().atMost(RECOVERY).until(() -> isDone(append(uid, now)));
            assertThat(admin.llen(log)).as(without[0]).isEqualTo(before.size() + 1L);
        }
    }

    @Test
    void deniedAlertUpdate_changesNothing() throws Exception {
        for (String[] without : AclRules.permissions(rules().get(1))) {
            admin.del("{tacho:0}:alerts", "{tacho:0}:alerts:lock");
            get(alerts.renewLease(0, AlertStoreUpdate.NONE));
            get(alerts.renewLease(0, new AlertStoreUpdate(false, Map.of("r/a", "1", "r/b", "1"), Set.of())));
            Map<String, String> before = admin.hgetall("{tacho:0}:alerts");

            setUser(without[1]);
            boolean done = isDone(alerts.renewLease(1, new AlertStoreUpdate(false, Map.of("r/a", "2"), Set.of("r/b"))));

            assertThat(admin.hgetall("{tacho:0}:alerts").equals(before))
                    .as(without[0])
                    .isEqualTo(!done);
            setUser(rules().get(1));
            await().atMost(RECOVERY).until(() -> isDone(alerts.renewLease(1, AlertStoreUpdate.NONE)));
        }
    }

    private CompletionStage<?> append(String uid, long seq) {
        MembershipChange joined = new MembershipChange(MembershipEvent.JOINED, 1, Snapshots.beat(uid, seq));
        return membership.append(List.of(joined), 2, MembershipLog.START);
    }

    private static void get(CompletionStage<?> operation) throws Exception {
        operation.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static boolean isDone(CompletionStage<?> operation) throws Exception {
        return operation
                .handle((done, failure) -> failure == null)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void registryOfWrongType_isReplacedByNextBeat() throws Exception {
        admin.set("{tacho:0}:nodes", "x");

        get(publisher.publish(Snapshots.beat("u1", 1)));

        assertThat(admin.zrange("{tacho:0}:nodes", 0, -1)).containsExactly("u1");
        admin.set("{tacho:0}:nodes", "x");
        get(publisher.leave(Snapshots.leave("u1", 2)));
        assertThat(admin.exists("{tacho:0}:node:u1")).isZero();
    }

    @Test
    void passwordChanged_reconnectsWithPasswordFromFile(@TempDir Path directory) throws IOException {
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
