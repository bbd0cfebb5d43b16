// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.store.TierRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The periods in the hash slot of one partition. */
final class PeriodPartition {

    private static final int BATCH = 100;
    private static final byte[] ENTRY_BYTES = ascii(SnapshotCodec.MAX_BYTES);

    /** A longer reply ends early, and the rest is requested again. */
    private static final byte[] REPLY_BYTES = ascii(1024 * 1024);

    private static final byte[] WINDOW_BYTES = ascii(WindowEntry.MAX_BYTES);
    private static final byte[] USERS = ascii(WindowEntry.USERS);
    private static final byte[] CHANNELS = ascii(WindowEntry.CHANNELS);

    // replies of the script that writes
    private static final long CHANGED = 0;
    private static final long STORED = 1;

    /** The longest time before its end at which a period may have changed last. */
    private static final Duration LONGEST = Duration.ofDays(33);

    private final RedisClusterAsyncCommands<String, byte[]> redis;
    private final RedisKeyspace keyspace;
    private final int partition;

    PeriodPartition(RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace, int partition) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.partition = partition;
    }

    /**
     * The state of an entry and its sources.
     *
     * @param merged the state of the sources of which the entry is the merge; empty if there is no entry
     * @param current their state now
     * @param nodeWindows the number of windows of nodes in the entry
     * @param sourceWindows that of the sources
     */
    record State(byte[] merged, byte[] current, long nodeWindows, long sourceWindows) {

        private static final State UNKNOWN = new State(new byte[0], new byte[0], 0, 0);

        static State of(List<Object> reply) {
            return new State((byte[]) reply.get(0), (byte[]) reply.get(1), (Long) reply.get(2), (Long) reply.get(3));
        }

        /** {@return whether the entry is the merge of its sources, or of more than is left of them} */
        boolean isFresh() {
            return Arrays.equals(merged, current)
                    || nodeWindows > sourceWindows
                    // without nodes in this partition the entry may still have what is known of the whole cluster
                    || (nodeWindows == 0 && sourceWindows == 0 && sources(merged) > sources(current));
        }

        private static long sources(byte[] state) {
            String text = new String(state, ISO_8859_1);
            int end = text.indexOf(':');
            return end <= 0 ? 0 : Long.parseLong(text.substring(0, end));
        }
    }

    private String key(Period period) {
        return period.tier() == Tier.WINDOW
                ? keyspace.window(partition, period.slot())
                : keyspace.period(partition, period.tier(), PeriodMember.of(period));
    }

    private String indexKey(Tier tier) {
        return tier == Tier.WINDOW ? keyspace.windows(partition) : keyspace.periods(partition, tier);
    }

    private static byte[] countField(Tier sources) {
        return ascii(sources == Tier.WINDOW ? PeriodEntry.NODE_WINDOWS_OF_WINDOW : PeriodEntry.NODE_WINDOWS);
    }

    /** {@return the time of the server, then the members of the index and their scores, alternating} */
    CompletionStage<List<byte[]>> index(Tier tier) {
        return RedisScript.INDEX.run(redis, new String[] {indexKey(tier)});
    }

    CompletionStage<State> state(Period target, List<Period> sources) {
        List<String> keys =
                new ArrayList<>(List.of(key(target), indexKey(target.tier().finer())));
        List<byte[]> arguments =
                new ArrayList<>(List.of(countField(target.tier().finer())));
        sources.forEach(source -> {
            keys.add(key(source));
            arguments.add(ascii(PeriodMember.of(source)));
        });
        CompletionStage<List<Object>> reply =
                RedisScript.SOURCES.run(redis, keys.toArray(new String[0]), arguments.toArray(new byte[0][]));
        return reply.thenApply(State::of);
    }

    /** Stores a merge if the sources are in the state that was read; returns false if they or the entry have changed since. */
    CompletionStage<Boolean> write(
            Period target, PeriodSummary summary, State state, List<Period> sources, TierRetention retention) {
        List<byte[]> arguments =
                new ArrayList<>(List.of(countField(target.tier().finer()), state.merged(), state.current()));
        return write(target, summary, sources, retention, arguments).thenApply(result -> result != CHANGED);
    }

    /** Stores an import unless there is as much already; returns whether it did. */
    CompletionStage<Boolean> restore(Period target, PeriodSummary summary, TierRetention retention) {
        List<byte[]> arguments = new ArrayList<>(
                List.of(countField(target.tier().finer()), State.UNKNOWN.merged(), State.UNKNOWN.current()));
        return write(target, summary, List.of(), retention, arguments).thenApply(result -> result == STORED);
    }

    private CompletionStage<Long> write(
            Period target,
            PeriodSummary summary,
            List<Period> sources,
            TierRetention retention,
            List<byte[]> arguments) {
        List<String> keys = new ArrayList<>(List.of(
                key(target), indexKey(target.tier()), indexKey(target.tier().finer())));
        List<byte[]> fields = PeriodEntry.write(summary);
        long expiry = retention.expiryMillis(target);
        arguments.add(ascii(PeriodMember.of(target)));
        arguments.add(ascii(summary.nodeWindows()));
        arguments.add(ascii(expiry));
        arguments.add(ascii(expiry - 1_000 * target.endSeconds() + LONGEST.toMillis()));
        arguments.add(ascii(fields.size()));
        arguments.addAll(fields);
        sources.forEach(source -> {
            keys.add(key(source));
            arguments.add(ascii(PeriodMember.of(source)));
        });
        return RedisScript.PERIOD.run(redis, keys.toArray(new String[0]), arguments.toArray(new byte[0][]));
    }

    /** {@return the windows that there are} */
    CompletionStage<Map<Period, ClusterWindow>> windows(List<Period> periods) {
        return load(
                periods,
                period -> keyspace.windowKeys(partition, period.slot()).stream(),
                (period, fields) -> Optional.ofNullable(WindowEntry.read(period.slot(), fields)),
                new HashMap<>(),
                WINDOW_BYTES,
                REPLY_BYTES,
                USERS,
                CHANNELS);
    }

    /** {@return the hours, days or months that there are} */
    CompletionStage<Map<Period, PeriodSummary>> periods(List<Period> periods) {
        return load(
                periods,
                period -> Stream.of(key(period)),
                (period, fields) -> Optional.ofNullable(PeriodEntry.read(fields)),
                new HashMap<>(),
                ENTRY_BYTES,
                REPLY_BYTES);
    }

    private <T> CompletionStage<Map<Period, T>> load(
            List<Period> periods,
            Function<Period, Stream<String>> keys,
            BiFunction<Period, Map<String, byte[]>, Optional<T>> read,
            Map<Period, T> loaded,
            byte[]... arguments) {
        if (periods.isEmpty()) {
            return CompletableFuture.completedFuture(Collections.unmodifiableMap(loaded));
        }
        CompletionStage<List<byte[]>> reply = RedisScript.LOAD.run(
                redis, periods.stream().limit(BATCH).flatMap(keys).toArray(String[]::new), arguments);
        return reply.thenCompose(entries -> {
            for (int i = 0; i < entries.size(); i++) {
                Map<String, byte[]> fields = PackedEntry.bytes(entries.get(i));
                if (fields != null) {
                    Period period = periods.get(i);
                    read.apply(period, fields).ifPresent(value -> loaded.put(period, value));
                }
            }
            return load(periods.subList(entries.size(), periods.size()), keys, read, loaded, arguments);
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }
}
