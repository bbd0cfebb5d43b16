// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipLogContract;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisMembershipLogIT extends MembershipLogContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final List<MembershipLog> members = new ArrayList<>();
    private RedisTransport transport;
    private RedisClient client;
    private RedisCommands<String, String> commands;
    private String key;

    @BeforeEach
    void connect() {
        RedisSettings settings = redis.settings();
        transport = new RedisTransport(settings, new SnapshotCodec());
        client = RedisClient.create(settings.uri());
        commands = client.connect().sync();
        key = "{" + settings.namespace() + ":0}:membership";
    }

    @AfterEach
    void disconnect() {
        members.forEach(MembershipLog::close);
        transport.close();
        client.shutdown();
    }

    @Override
    protected MembershipLog member() {
        MembershipLog member = transport.membershipLog();
        members.add(member);
        return member;
    }

    @Override
    protected void flush() {
        commands.del(key, key + ":last");
    }

    @Test
    void keys_matchWireContract() {
        append(member(), MembershipLog.START, change(MembershipEvent.LOST, "u1", 7));

        assertThat(commands.lrange(key, 0, -1))
                .singleElement()
                .asString()
                .matches(
                        "1-\\d{16} \\d{13} u1 \\{\"v\":1,\"type\":\"lost\",\"seq\":7,\"ttl_ms\":15000,\"metrics_interval\":60,.*\"host\":\"host-1\",.*\"node\":\\{\"uid\":\"u1\".*}}");
        assertThat(commands.hget(key + ":last", "u1")).matches("lost 7 \\d{13} 1");
        assertThat(commands.pttl(key)).isBetween(1L, Duration.ofDays(7).toMillis());
        assertThat(commands.pttl(key + ":last"))
                .isBetween(1L, Duration.ofDays(7).toMillis());
    }

    @Test
    void keys_ofWrongType_areReplaced() {
        commands.set(key, "text");
        commands.set(key + ":last", "text");

        assertThat(append(member(), MembershipLog.START, change(MembershipEvent.LOST, "u1", 7))
                        .changes())
                .hasSize(1);
    }
}
