// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.model.ClusterWindow;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.model.period.WindowSummary;
import io.tacho.redis.PeriodPartition.State;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodStore;
import io.tacho.store.TierRetention;
import io.tacho.store.TransportException;
import io.tacho.store.WindowMerge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hours, days and months in Redis. Each partition has an entry of its own for a period, in the hash slot of the finer entries that it
 * is merged from. It is written by a script that compares the state of these with the one that was read, so an entry always is the
 * merge of what was in the slot at one time. That state is stored in the entry: an aggregator that finds another one merges again. The first
 * partition's entry also has what only all partitions together have, such as peaks; it is written first, so that a writer that ends
 * halfway leaves a partition that shows that the work is not done.
 */
final class RedisPeriodStore implements PeriodStore {

    /** Few, because each reads all sources; a caller that tries later succeeds. */
    private static final int ATTEMPTS = 3;

    private final RedisLink<CommandConnection> link;
    private final RedisKeyspace keyspace;
    private final TierRetention retention;

    RedisPeriodStore(RedisLink<CommandConnection> link, RedisKeyspace keyspace, TierRetention retention) {
        this.link = link;
        this.keyspace = keyspace;
        this.retention = retention;
    }

    @Override
    public CompletionStage<PeriodIndex> index(Tier tier) {
        return ofAllPartitions(partition -> partition.index(tier)).thenApply(replies -> {
            Map<Period, PeriodIndex.Change> changes = new HashMap<>();
            long now = Long.MAX_VALUE;
            for (List<byte[]> reply : replies) {
                now = Math.min(now, Long.parseLong(text(reply.get(0))));
                for (int i = 1; i + 1 < reply.size(); i += 2) {
                    Period period = PeriodMember.parse(tier, text(reply.get(i)));
                    if (period != null) {
                        long time = (long) Double.parseDouble(text(reply.get(i + 1)));
                        changes.merge(period, new PeriodIndex.Change(time, time), PeriodIndex.Change::with);
                    }
                }
            }
            return new PeriodIndex(now, changes);
        });
    }

    private static String text(byte[] ascii) {
        return new String(ascii, ISO_8859_1);
    }

    @Override
    public CompletionStage<Boolean> rollUp(Period target, List<Period> sources) {
        return rollUp(target, sources, ATTEMPTS);
    }

    /** Begins anew if something has changed meanwhile. */
    private CompletionStage<Boolean> rollUp(Period target, List<Period> sources, int attempts) {
        if (attempts == 0) {
            return CompletableFuture.failedFuture(
                    new TransportException(target + " changes all the time while it is merged", null));
        }
        return ofAllPartitions(partition -> partition.state(target, sources)).thenCompose(states -> {
            if (states.stream().allMatch(State::isFresh)) {
                return CompletableFuture.completedFuture(false);
            }
            return merge(sources)
                    .thenCompose(summaries -> write(target, summaries, states, sources))
                    .thenCompose(written ->
                            written ? CompletableFuture.completedFuture(true) : rollUp(target, sources, attempts - 1));
        });
    }

    /** {@return the summary of each partition} */
    private CompletionStage<List<PeriodSummary>> merge(List<Period> sources) {
        return sources.get(0).tier() == Tier.WINDOW
                ? ofAllPartitions(partition -> partition.windows(sources)).thenApply(RedisPeriodStore::summaries)
                : ofAllPartitions(partition -> partition.periods(sources))
                        .thenApply(loaded -> loaded.stream()
                                .map(entries -> PeriodSummary.merge(List.copyOf(entries.values())))
                                .toList());
    }

    private static List<PeriodSummary> summaries(List<Map<Period, ClusterWindow>> partitions) {
        List<PeriodSummary> summaries = new ArrayList<>();
        Map<Period, List<ClusterWindow>> parts = new TreeMap<>();
        for (Map<Period, ClusterWindow> windows : partitions) {
            summaries.add(WindowSummary.ofPartition(windows.values()));
            windows.forEach((period, window) ->
                    parts.computeIfAbsent(period, slot -> new ArrayList<>()).add(window));
        }
        PeriodSummary cluster = WindowSummary.ofCluster(
                parts.values().stream().map(WindowMerge::merge).toList());
        summaries.set(0, PeriodSummary.merge(List.of(summaries.get(0), cluster)));
        return summaries;
    }

    /** Writes the partitions one after the other, the first one first; returns false if one has changed since it was read. */
    private CompletionStage<Boolean> write(
            Period target, List<PeriodSummary> summaries, List<State> states, List<Period> sources) {
        CompletionStage<Boolean> written = CompletableFuture.completedFuture(true);
        for (int i = 0; i < summaries.size(); i++) {
            int partition = i;
            if (i == 0 || !states.get(i).isFresh()) {
                written = written.thenCompose(all -> !all
                        ? CompletableFuture.completedFuture(false)
                        : use(
                                partition,
                                redis -> redis.write(
                                        target, summaries.get(partition), states.get(partition), sources, retention)));
            }
        }
        return written;
    }

    @Override
    public CompletionStage<Map<Period, PeriodSummary>> read(Collection<Period> periods) {
        List<Period> ordered = periods.stream().sorted().distinct().toList();
        return ofAllPartitions(partition -> partition.periods(ordered)).thenApply(loaded -> {
            Map<Period, PeriodSummary> summaries = new HashMap<>();
            for (Period period : ordered) {
                List<PeriodSummary> parts = loaded.stream()
                        .flatMap(entries -> Stream.ofNullable(entries.get(period)))
                        .toList();
                if (!parts.isEmpty()) {
                    summaries.put(period, PeriodSummary.merge(parts));
                }
            }
            return summaries;
        });
    }

    @Override
    public CompletionStage<Boolean> restore(Period period, PeriodSummary summary) {
        if (keyspace.partitions().count() == 1) {
            return use(0, redis -> redis.restore(period, summary, retention));
        }
        // the summary is of all partitions: beside an entry of any of them it would count twice
        return read(List.of(period))
                .thenCompose(stored ->
                        stored.containsKey(period) && stored.get(period).nodeWindows() > 0
                                ? CompletableFuture.completedFuture(false)
                                : use(0, redis -> redis.restore(period, summary, retention)));
    }

    private <T> CompletionStage<T> use(int partition, Function<PeriodPartition, CompletionStage<T>> use) {
        return link.use(
                keyspace.operation("long-term history", partition),
                connection -> use.apply(new PeriodPartition(connection.commands(), keyspace, partition)));
    }

    /** Reads from all partitions; fails if one does. */
    private <T> CompletionStage<List<T>> ofAllPartitions(Function<PeriodPartition, CompletionStage<T>> read) {
        List<CompletableFuture<T>> parts = IntStream.range(
                        0, keyspace.partitions().count())
                .mapToObj(partition -> use(partition, read).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public void close() {
        link.close();
    }
}
