// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The alert store in Redis: a lock with a TTL (the lease) and a hash of alerts, both changed by one script. */
final class RedisAlertStore implements AlertStore {

    /** Stored alerts expire after this time without a leader. */
    private static final Duration TTL = Duration.ofDays(1);

    private static final String VERSION = "version";

    private final RedisLink<CommandConnection> link;
    private final String[] keys;
    private final Duration lease;
    private final String token = UUID.randomUUID().toString();

    RedisAlertStore(RedisLink<CommandConnection> link, RedisKeyspace keyspace, Duration lease) {
        this.link = link;
        keys = new String[] {keyspace.alertsLock(), keyspace.alerts()};
        this.lease = lease;
    }

    @Override
    public CompletionStage<AlertStoreResponse> renewLease(long knownVersion, AlertStoreUpdate update) {
        return run(lease.toMillis(), knownVersion, update);
    }

    @Override
    public CompletionStage<AlertStoreResponse> releaseLease(long knownVersion) {
        return run(0, knownVersion, AlertStoreUpdate.NONE);
    }

    @Override
    public CompletionStage<Void> edit(AlertStoreUpdate update) {
        // without a token the lease is left as it is
        return run("", 0, 0, "edit", update).thenAccept(done -> {});
    }

    private CompletionStage<AlertStoreResponse> run(long leaseMillis, long knownVersion, AlertStoreUpdate update) {
        String kind = update.isEmpty() ? "" : update.replacesAll() ? "replace" : "merge";
        return run(token, leaseMillis, knownVersion, kind, update);
    }

    private CompletionStage<AlertStoreResponse> run(
            String caller, long leaseMillis, long knownVersion, String kind, AlertStoreUpdate update) {
        List<String> arguments = new ArrayList<>(List.of(
                caller,
                Long.toString(leaseMillis),
                Long.toString(TTL.toMillis()),
                Long.toString(knownVersion),
                kind,
                Integer.toString(update.removed().size())));
        arguments.addAll(update.removed());
        update.put().forEach((key, entry) -> {
            arguments.add(key);
            arguments.add(entry);
        });
        byte[][] bytes =
                arguments.stream().map(argument -> argument.getBytes(UTF_8)).toArray(byte[][]::new);
        return link.use(
                        "alerts",
                        connection -> RedisScript.ALERTS.<List<byte[]>>run(connection.commands(), keys, bytes))
                .thenApply(RedisAlertStore::response);
    }

    private static AlertStoreResponse response(List<byte[]> raw) {
        List<String> reply = raw.stream().map(bytes -> new String(bytes, UTF_8)).toList();
        Lease lease = switch (reply.get(0)) {
            case "2" -> Lease.RENEWED;
            case "1" -> Lease.ACQUIRED;
            default -> Lease.NOT_HELD;
        };
        boolean applied = reply.get(1).equals("1");
        long version = Long.parseLong(reply.get(2));
        if (reply.get(3).equals("0")) {
            return new AlertStoreResponse(lease, applied, version, null);
        }
        Map<String, String> entries = new HashMap<>();
        for (int i = 4; i + 1 < reply.size(); i += 2) {
            entries.put(reply.get(i), reply.get(i + 1));
        }
        entries.remove(VERSION);
        return new AlertStoreResponse(lease, applied, version, entries);
    }

    @Override
    public void close() {
        link.close();
    }
}
