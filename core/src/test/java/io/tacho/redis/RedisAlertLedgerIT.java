// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.store.AlertLedger;
import io.tacho.store.AlertLedgerContract;
import io.tacho.store.LedgerEdit;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisAlertLedgerIT extends AlertLedgerContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final List<AlertLedger> members = new ArrayList<>();
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
        key = "{" + settings.namespace() + ":0}:alerts";
    }

    @AfterEach
    void disconnect() {
        members.forEach(AlertLedger::close);
        transport.close();
        client.shutdown();
    }

    @Override
    protected AlertLedger member() {
        AlertLedger member = transport.alertLedger(LEASE);
        members.add(member);
        return member;
    }

    @Override
    protected void elapse(Duration duration) {
        await().pollDelay(duration).until(() -> true);
    }

    @Override
    protected void flush() {
        commands.del(key, key + ":lock");
    }

    @Test
    void keys_asTheContractSays() throws Exception {
        AlertLedger ledger = member();
        get(ledger.turn(0, LedgerEdit.NONE));
        get(ledger.turn(0, new LedgerEdit(false, Map.of("a/u1", "{}"), Set.of())));

        assertThat(commands.hgetall(key)).isEqualTo(Map.of("a/u1", "{}", "version", "1"));
        assertThat(commands.pttl(key)).isBetween(80_000_000L, 86_400_000L);
        assertThat(commands.get(key + ":lock")).hasSize(36);
        assertThat(commands.pttl(key + ":lock")).isBetween(1L, LEASE.toMillis());
    }
}
