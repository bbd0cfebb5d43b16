// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipLogContract;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisMembershipLogIT extends MembershipLogContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @AutoClose
    private final Resources resources = new Resources();

    private final RedisSettings settings = redis.settings();
    private final RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    private final RedisCommands<String, String> commands = redis.commands();
    private final String key = "{" + settings.namespace() + ":0}:membership";

    @Override
    protected MembershipLog member() {
        return resources.closeLater(transport.membershipLog());
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
