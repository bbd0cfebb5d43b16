// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowUpload;
import io.tacho.testing.AclRules;
import io.tacho.testing.Snapshots;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents and aggregators with exactly the permissions of core/README.md. */
class RedisAclIT {

    /** The deployment contract against a single server with these users. */
    @Nested
    class Server extends RedisDeploymentContract {

        @Override
        RedisSettings settings(String user) {
            return RedisSettings.of(redis.uri())
                    .withCredentials(new RedisCredentials(user, AclRules.PASSWORD, null, null));
        }

        @AfterEach
        void flush() {
            admin.flushall();
        }

        @AfterEach
        void assertNothingDenied() {
            assertThat(admin.aclLog()).isEmpty();
        }

        /** The ACL of a version without history. */
        @Test
        void withoutHistoryPermissions_uploadIsDenied_beatsContinue() throws Exception {
            admin.dispatch(
                    CommandType.ACL,
                    new StatusOutput<>(StringCodec.UTF8),
                    new CommandArgs<>(StringCodec.UTF8)
                            .addValues(List.of(("SETUSER former on >" + AclRules.PASSWORD
                                            + " resetchannels ~{tacho:*}:node:* ~{tacho:*}:nodes &{tacho:*}:snapshots"
                                            + " +evalsha +eval +time +hget +hset +del +pexpire +pttl +zadd +zrem"
                                            + " +zremrangebyscore +publish")
                                    .split(" "))));
            RedisSettings former =
                    agentSettings().withCredentials(new RedisCredentials("former", AclRules.PASSWORD, null, null));

            try (RedisTransport transport = new RedisTransport(former, new SnapshotCodec());
                    SnapshotPublisher publisher = transport.publisher()) {
                get(publisher.publish(Snapshots.beat("u1", 1)));
                assertThatThrownBy(() -> get(publisher.upload(batch("u1", 0, 1, minute(SLOT, 1)))))
                        .hasMessageContaining("NOPERM");
                get(publisher.publish(Snapshots.beat("u1", 2)));
            }
            admin.aclLogReset();
        }

        /** Rejecting the upload bounds the entry, because these agents could not merge its values. */
        @ParameterizedTest
        @ValueSource(strings = {"hgetall", "hkeys", "hdel"})
        void withoutMergePermission_uploadIsRejected_untilGranted(String command) throws Exception {
            String rule = AclRules.lines("server").get(0);
            AclRules.setUser(rule.replace(" +" + command, "").replace("(+" + command, "("), admin);
            WindowUpload upload = batch("u1", 0, 1, minute(SLOT, 1));

            try (RedisTransport transport = new RedisTransport(agentSettings(), new SnapshotCodec());
                    SnapshotPublisher publisher = transport.publisher()) {
                assertThatThrownBy(() -> get(publisher.upload(upload))).hasMessageContaining(command);
                assertThat(admin.exists("{tacho:0}:window:60:" + SLOT)).isZero();
                admin.aclLogReset();
                AclRules.setUser(rule, admin);

                get(publisher.upload(upload));

                assertThat(admin.hget("{tacho:0}:window:60:" + SLOT, "windows")).isEqualTo("1");
            }
        }

        @Test
        void wrongPassword_isReported() {
            RedisSettings wrong = agentSettings()
                    .withCredentials(new RedisCredentials("tacho-agent", "not-" + AclRules.PASSWORD, null, null));

            try (RedisTransport transport = new RedisTransport(wrong, new SnapshotCodec())) {
                assertThatThrownBy(() -> get(transport.publisher().publish(Snapshots.beat("u1", 1))))
                        .hasMessageContaining("WRONGPASS")
                        .hasMessageNotContaining(AclRules.PASSWORD);
            }
            admin.aclLogReset();
        }
    }

    private static EmbeddedRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> admin;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = EmbeddedRedis.start(0, AclRules.options("server"));
        client = RedisClient.create();
        admin = client.connect(RedisURI.create(redis.uri())).sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown();
        redis.close();
    }

    private static RedisCommands<String, String> as(String user) {
        return client.connect(RedisURI.create(redis.uri().replace("//", "//" + user + ":" + AclRules.PASSWORD + "@")))
                .sync();
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessageMatching("(?s).*(NOPERM|can't run this command|can't access|No permissions|ACL failure).*");
        admin.aclLogReset();
    }

    @Test
    void agent_readCommands_areDenied() {
        RedisCommands<String, String> agent = as("tacho-agent");

        assertDenied(() -> agent.hgetall("{tacho:0}:node:u1"));
        assertDenied(() -> agent.zrange("{tacho:0}:nodes", 0, -1));
        assertDenied(() -> agent.get("another"));
    }

    @Test
    void agent_otherKeysAndCommands_areDenied() {
        RedisCommands<String, String> agent = as("tacho-agent");

        assertDenied(() -> agent.hset("another", "field", "value"));
        assertDenied(() -> agent.hset("{tacho:0}:alerts", "version", "1"));
        assertDenied(() -> agent.set("{tacho:0}:alerts:lock", "token"));
        assertDenied(() -> agent.hset("{tacho:0}:membership:last", "u1", "lost 1 1 1"));
        assertDenied(() -> agent.del("{tacho:0}:other"));
        assertDenied(() -> agent.publish("another", "message"));
        assertDenied(() ->
                agent.eval("return redis.call('DEL', KEYS[1])", ScriptOutputType.INTEGER, new String[] {"another"}));
        assertDenied(() -> agent.flushall());
        assertDenied(() -> agent.configGet("*"));
        assertDenied(() -> agent.keys("*"));
    }

    @Test
    void aggregator_writesToAgentKeys_areDenied() {
        RedisCommands<String, String> aggregator = as("tacho-aggregator");

        assertDenied(() -> aggregator.hset("{tacho:0}:node:u1", "seq", "1"));
        assertDenied(() -> aggregator.del("{tacho:0}:node:u1"));
        assertDenied(() -> aggregator.zadd("{tacho:0}:nodes", 1, "u1"));
        assertDenied(() -> aggregator.publish("{tacho:0}:snapshots", "{}"));
        assertDenied(() -> aggregator.eval(
                "return redis.call('DEL', KEYS[1])", ScriptOutputType.INTEGER, new String[] {"{tacho:0}:node:u1"}));
        assertDenied(() -> aggregator.set("{tacho:0}:uploaded:u1", "1"));
        assertDenied(() -> aggregator.hincrby("{tacho:0}:window:60:0", "windows", 1));
        assertDenied(() -> aggregator.hset("{tacho:0}:window:60:0", "windows", "1"));
        assertDenied(() -> aggregator.pfadd("{tacho:0}:window:60:0:users", "ann"));
        assertDenied(() -> aggregator.get("{tacho:0}:uploaded:u1"));
        assertDenied(() -> aggregator.set("{tacho:0}:node:u1", "1"));
        assertDenied(() -> aggregator.lpush("{tacho:0}:other", "element"));
        assertDenied(() -> aggregator.set("{tacho:0}:membership", "text"));
        assertDenied(() -> aggregator.hdel("{tacho:0}:window:60:0", "windows"));
    }

    @Test
    void aggregator_otherKeysAndCommands_areDenied() {
        RedisCommands<String, String> aggregator = as("tacho-aggregator");

        assertDenied(() -> aggregator.hgetall("another"));
        assertDenied(() -> aggregator.eval(
                "return redis.call('HGETALL', KEYS[1])", ScriptOutputType.MULTI, new String[] {"another"}));
        assertDenied(() -> aggregator.zrange("{other:0}:nodes", 0, -1));
        assertDenied(() -> aggregator.keys("*"));
        assertDenied(() -> aggregator.clientList());
    }
}
