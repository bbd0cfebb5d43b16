// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.store.AlertLedger;
import io.tacho.store.LedgerAnswer;
import io.tacho.store.LedgerAnswer.Lease;
import io.tacho.store.LedgerEdit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The ledger as a lock with a lease and a hash beside it, both worked on by one script. */
final class RedisAlertLedger implements AlertLedger {

    /** What was said is of no use to anybody once nobody has looked at it for so long. */
    private static final Duration TTL = Duration.ofDays(1);

    private static final String VERSION = "version";

    private final RedisLink<CommandConnection> link;
    private final String[] keys;
    private final Duration lease;
    private final String token = UUID.randomUUID().toString();

    RedisAlertLedger(RedisLink<CommandConnection> link, RedisKeyspace keyspace, Duration lease) {
        this.link = link;
        keys = new String[] {keyspace.alertsLock(), keyspace.alerts()};
        this.lease = lease;
    }

    @Override
    public CompletionStage<LedgerAnswer> turn(long knownVersion, LedgerEdit edit) {
        return run(lease.toMillis(), knownVersion, edit);
    }

    @Override
    public CompletionStage<LedgerAnswer> read(long knownVersion) {
        return run(0, knownVersion, LedgerEdit.NONE);
    }

    private CompletionStage<LedgerAnswer> run(long leaseMillis, long knownVersion, LedgerEdit edit) {
        List<String> arguments = new ArrayList<>(List.of(
                token,
                Long.toString(leaseMillis),
                Long.toString(TTL.toMillis()),
                Long.toString(knownVersion),
                edit.isEmpty() ? "" : edit.whole() ? "whole" : "part",
                Integer.toString(edit.removed().size())));
        arguments.addAll(edit.removed());
        edit.put().forEach((key, entry) -> {
            arguments.add(key);
            arguments.add(entry);
        });
        byte[][] bytes =
                arguments.stream().map(argument -> argument.getBytes(UTF_8)).toArray(byte[][]::new);
        return link.use(connection -> RedisScript.ALERTS.<List<byte[]>>run(connection.commands(), keys, bytes))
                .thenApply(RedisAlertLedger::answer);
    }

    private static LedgerAnswer answer(List<byte[]> raw) {
        List<String> answer =
                raw.stream().map(bytes -> new String(bytes, UTF_8)).toList();
        Lease lease = switch (answer.get(0)) {
            case "2" -> Lease.KEPT;
            case "1" -> Lease.TAKEN;
            default -> Lease.ANOTHERS;
        };
        boolean applied = answer.get(1).equals("1");
        long version = Long.parseLong(answer.get(2));
        if (answer.get(3).equals("0")) {
            return new LedgerAnswer(lease, applied, version, null);
        }
        Map<String, String> entries = new HashMap<>();
        for (int i = 4; i + 1 < answer.size(); i += 2) {
            entries.put(answer.get(i), answer.get(i + 1));
        }
        entries.remove(VERSION);
        return new LedgerAnswer(lease, applied, version, entries);
    }

    @Override
    public void close() {
        link.close();
    }
}
