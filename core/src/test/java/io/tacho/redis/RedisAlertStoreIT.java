// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreContract;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
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

class RedisAlertStoreIT extends AlertStoreContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final List<AlertStore> stores = new ArrayList<>();
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
        stores.forEach(AlertStore::close);
        transport.close();
        client.shutdown();
    }

    @Override
    protected AlertStore newStore() {
        AlertStore store = transport.alertStore(LEASE);
        stores.add(store);
        return store;
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
    void keys_matchWireContract() throws Exception {
        AlertStore store = newStore();
        get(store.renewLease(0, AlertStoreUpdate.NONE));
        get(store.renewLease(0, new AlertStoreUpdate(false, Map.of("a/u1", "{}"), Set.of())));

        assertThat(commands.hgetall(key)).isEqualTo(Map.of("a/u1", "{}", "version", "1"));
        assertThat(commands.pttl(key)).isBetween(80_000_000L, 86_400_000L);
        assertThat(commands.get(key + ":lock")).hasSize(36);
        assertThat(commands.pttl(key + ":lock")).isBetween(1L, LEASE.toMillis());
    }

    @Test
    void lockWithoutTtl_isTakenOver() throws Exception {
        AlertStore store = newStore();
        commands.set(key + ":lock", "none");

        assertThat(get(store.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
        assertThat(commands.pttl(key + ":lock")).isBetween(1L, LEASE.toMillis());
    }

    @Test
    void lockTtlAboveTenLeases_isTakenOver_shorterTtlIsNot() throws Exception {
        AlertStore store = newStore();
        commands.psetex(key + ":lock", 5 * LEASE.toMillis(), "somebody");
        assertThat(get(store.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.NOT_HELD);

        commands.psetex(key + ":lock", 100 * LEASE.toMillis(), "none");
        assertThat(get(store.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
    }

    @Test
    void keysOfWrongType_areReplaced() throws Exception {
        AlertStore store = newStore();
        commands.lpush(key, "x");
        commands.lpush(key + ":lock", "x");

        assertThat(get(store.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
        get(store.renewLease(0, new AlertStoreUpdate(false, Map.of("a/u1", "{}"), Set.of())));

        assertThat(commands.hgetall(key)).isEqualTo(Map.of("a/u1", "{}", "version", "1"));
    }

    @Test
    void nonNumericVersion_isZero() throws Exception {
        AlertStore store = newStore();
        commands.hset(key, Map.of("version", "abc", "a/u1", "{}"));

        AlertStoreResponse response = get(store.renewLease(0, AlertStoreUpdate.NONE));

        assertThat(response.version()).isZero();
        assertThat(response.entries()).isEqualTo(Map.of("a/u1", "{}"));
        get(store.renewLease(0, new AlertStoreUpdate(false, Map.of("a/u2", "{}"), Set.of())));
        assertThat(commands.hget(key, "version")).isEqualTo("1");
    }
}
