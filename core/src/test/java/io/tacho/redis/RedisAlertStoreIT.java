// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreContract;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisAlertStoreIT extends AlertStoreContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @AutoClose
    private final Resources resources = new Resources();

    private final RedisSettings settings = redis.settings();
    private final RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    private final RedisCommands<String, String> commands = redis.commands();
    private final String key = "{" + settings.namespace() + ":0}:alerts";

    @Override
    protected AlertStore newStore() {
        return resources.closeLater(transport.alertStore(LEASE));
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
