// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.NodeCommands;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of operators to nodes, within one process. Expired commands are removed when a command is sent.
 *
 * <p>Thread safety: safe.
 */
final class MemoryCommands implements NodeCommands {

    /** The time that an acknowledged drain lasts without a beat. */
    private static final Duration ACKNOWLEDGED = Duration.ofDays(1);

    private record Entry(NodeCommand command, long expiresAtNanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new HashMap<>();

    MemoryCommands(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized CompletionStage<Void> send(String uid, NodeCommand command, Duration ttl) {
        entries.values().removeIf(this::isExpired);
        entries.put(uid, new Entry(command, nanoTime.getAsLong() + ttl.toNanos()));
        return CompletableFuture.completedFuture(null);
    }

    /** Returns the command of a node that has acknowledged a command; null for none. */
    synchronized @Nullable NodeCommand onBeat(String uid, @Nullable String acknowledged) {
        Entry entry = entries.get(uid);
        if (entry == null || isExpired(entry)) {
            return null;
        }
        NodeCommand command = entry.command();
        if (command.action() == Action.DRAIN && command.id().equals(acknowledged)) {
            entries.put(uid, new Entry(command, nanoTime.getAsLong() + ACKNOWLEDGED.toNanos()));
        }
        return command;
    }

    synchronized void clear() {
        entries.clear();
    }

    private boolean isExpired(Entry entry) {
        return entry.expiresAtNanos() - nanoTime.getAsLong() <= 0;
    }

    @Override
    public void close() {}
}
