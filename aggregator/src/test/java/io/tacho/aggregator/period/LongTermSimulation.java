// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.NodeWindow;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Years of a {@link SimulatedCluster} in a real Redis, compared with brute force: long windows, and shorter ones on the last day.
 * Nodes upload a day at a time, some a day late; aggregators merge after each day. Connections are killed at random while they
 * do. Keys that would have expired are deleted.
 */
final class LongTermSimulation implements AutoCloseable {

    private static final int LIVE_DAYS = 2;
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    final PeriodCalendar calendar = new PeriodCalendar(ZONE);
    final Map<Period, Truth> truths =
            new TreeMap<>(Comparator.comparing(Period::tier).thenComparing(Period::compareTo));
    int kills;

    private final EmbeddedRedis server;
    private final RedisTransport agents;
    private final RedisTransport aggregator;
    private final SnapshotPublisher publisher;
    final PeriodStore store;
    private final RedisClient client = RedisClient.create();
    final RedisCommands<String, String> admin;
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Random random;
    private final long startSeconds;
    private final int days;
    private final SimulatedCluster cluster;
    private final int maxKills;
    private final int windowSeconds;
    private final int lastDaySeconds;
    private final String tag;
    private final int partitions;
    /** The time of the simulation, UNIX seconds. */
    private volatile long now;

    private final Set<Integer> late = new HashSet<>();
    private final Map<Integer, Long> marks = new HashMap<>();
    private final Map<Integer, List<WindowUpload.Numbered>> pending = new HashMap<>();

    LongTermSimulation(
            int days,
            int nodes,
            int users,
            int partitions,
            int maxKills,
            int windowSeconds,
            int lastDaySeconds,
            long seed)
            throws Exception {
        this.days = days;
        this.maxKills = maxKills;
        this.windowSeconds = windowSeconds;
        this.lastDaySeconds = lastDaySeconds;
        this.partitions = partitions;
        random = new Random(seed);
        server = EmbeddedRedis.start();
        RedisSettings settings = RedisSettings.of(server.uri()).withPartitions(partitions);
        agents = new RedisTransport(settings, new SnapshotCodec());
        aggregator = new RedisTransport(settings, new SnapshotCodec());
        publisher = agents.publisher();
        store = aggregator.periods(TierRetention.DEFAULT);
        admin = client.connect(RedisURI.create(server.uri())).sync();
        tag = settings.namespace();
        // in the future, so that nothing expires while the simulation runs
        // windows are aligned to the epoch, independent of the calendar's time zone
        startSeconds = (Instant.now().getEpochSecond() / 86_400 + 10) * 86_400;
        cluster = new SimulatedCluster(days, nodes, users);
    }

    void run() throws Exception {
        TierRollUp rollUp = rollUp(store);
        for (int day = 0; day < days; day++) {
            boolean isLast = day == days - 1;
            record(day, isLast ? lastDaySeconds : windowSeconds);
            for (int node : List.copyOf(pending.keySet())) {
                // none is more than a day late, because windows live for two
                if (isLast || random.nextInt(20) > 0 || !late.add(node)) {
                    upload(node);
                    late.remove(node);
                }
            }
            long end = startSeconds + 86_400L * (day + 1);
            if (kills < maxKills && random.nextInt(days) < Math.max(1, 2 * maxKills)) {
                for (int i = 0; i < Math.max(1, maxKills / days + 1) && kills < maxKills; i++) {
                    kill(end);
                }
                rollUp = rollUp(store);
            }
            now = end;
            pass(rollUp);
            expire(end);
        }
        for (int node : List.copyOf(pending.keySet())) {
            upload(node);
        }
        now = startSeconds + 86_400L * days + 40 * 86_400L;
        pass(rollUp(store));
    }

    private TierRollUp rollUp(PeriodStore of) {
        return new TierRollUp(of, calendar, executor, () -> Instant.ofEpochSecond(now));
    }

    private void pass(TierRollUp rollUp) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try {
                rollUp.pass().toCompletableFuture().get(60, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (attempt == 100) {
                    throw e;
                }
                awaitConnections();
            }
        }
    }

    /** Waits until both sides are connected again. */
    private void awaitConnections() {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
            try {
                publisher
                        .leave(Snapshots.leave("none", 1))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS);
                store.index(Tier.MONTH).toCompletableFuture().get(5, TimeUnit.SECONDS);
                return true;
            } catch (ExecutionException e) {
                return false;
            }
        });
    }

    /** Kills an aggregator at a random operation, sometimes with all connections. */
    private void kill(long end) throws Exception {
        kills++;
        now = end;
        CutOffStore dying = new CutOffStore(store, random.nextInt(20), () -> {
            // for the store both are equal: commands do not arrive
            if (random.nextInt(10) == 0) {
                admin.clientKill(KillArgs.Builder.typeNormal().skipme());
            }
        });
        try {
            rollUp(dying).pass().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // the injected failure
        }
    }

    /** Adds the windows of a day to the pending uploads and to the expected totals. */
    private void record(int day, int seconds) {
        for (int start = 86_400 * day; start < 86_400 * (day + 1); start += seconds) {
            int hour = start / 3_600;
            int part = start % 3_600 / seconds;
            int[] live = cluster.live(hour);
            long clients = 0;
            List<Truth> truths = truths(hour, startSeconds + start + seconds / 2);
            for (int place = 0; place < live.length; place++) {
                int node = live[place];
                HyperLogLog sketch = cluster.sketch(place, live.length, hour);
                NodeWindow window = cluster.window(node, startSeconds + start, hour, part, seconds, sketch);
                pending.computeIfAbsent(node, first -> new ArrayList<>())
                        .add(new WindowUpload.Numbered(window.window().endMillis(), window));
                clients += cluster.clients(node, hour, part);
                for (Truth truth : truths) {
                    truth.windows++;
                    truth.factors += cluster.factor(node, hour, part);
                    truth.integral += cluster.clients(node, hour, part) * seconds;
                    truth.durations.add(cluster.durations(node, hour, part));
                    for (int user : cluster.usersOf(place, live.length, hour)) {
                        truth.users.set(user);
                    }
                }
            }
            for (Truth truth : truths) {
                truth.total(clients, startSeconds + start);
            }
        }
    }

    private List<Truth> truths(int hour, long middle) {
        List<Truth> found = new ArrayList<>();
        for (Tier tier : List.of(Tier.HOUR, Tier.DAY, Tier.MONTH)) {
            if (tier != Tier.HOUR || hour >= 24 * (days - 20)) {
                found.add(truths.computeIfAbsent(calendar.containing(tier, middle), first -> new Truth()));
            }
        }
        return found;
    }

    /** Uploads the pending windows, and retries uploads without a response. */
    private void upload(int node) throws Exception {
        List<WindowUpload.Numbered> windows = pending.remove(node);
        for (int from = 0; from < windows.size(); from += 60) {
            List<WindowUpload.Numbered> batch = windows.subList(from, Math.min(windows.size(), from + 60));
            WindowUpload upload =
                    new WindowUpload("node-" + node, Duration.ofHours(24), marks.getOrDefault(node, 0L), batch);
            boolean killed = kills < maxKills && random.nextInt(500) == 0;
            for (int attempt = 0; ; attempt++) {
                var response = publisher.upload(upload).toCompletableFuture();
                if (killed) {
                    killed = false;
                    kills++;
                    admin.clientKill(KillArgs.Builder.typeNormal().skipme());
                }
                try {
                    UploadResult result = response.get(60, TimeUnit.SECONDS);
                    if (result.highWaterMark() != upload.lastNumber()) {
                        throw new IllegalStateException("mark: " + result + ", expected " + upload.lastNumber());
                    }
                    break;
                } catch (ExecutionException e) {
                    if (attempt == 100) {
                        throw e;
                    }
                    awaitConnections();
                }
            }
            marks.put(node, upload.lastNumber());
        }
    }

    /** Deletes keys that would have expired. */
    private void expire(long nowSeconds) {
        for (int partition = 0; partition < partitions; partition++) {
            String prefix = "{" + tag + ":" + partition + "}:";
            expire(prefix + "windows", prefix + "window:", nowSeconds - LIVE_DAYS * 86_400L, ":users", ":channels");
            expire(prefix + "history:hours", prefix + "history:hour:", nowSeconds - 90 * 86_400L);
        }
    }

    private void expire(String index, String prefix, long olderThan, String... parts) {
        for (String member : admin.zrange(index, 0, -1)) {
            if (Long.parseLong(member.split(":")[1]) / 1_000 < olderThan) {
                admin.del(prefix + member);
                for (String part : parts) {
                    admin.del(prefix + member + part);
                }
                admin.zrem(index, member);
            }
        }
    }

    /** The step of a unit that contains a time. */
    HistoryStep step(PeriodUnit unit, long atSeconds) {
        try {
            return new PeriodReader(store, calendar, executor)
                    .read(unit, atSeconds, atSeconds + 1)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .get(0)
                    .step();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** The time that reading the days of the last year takes, first without and then with the cache, milliseconds. */
    double[] yearMillis() throws Exception {
        PeriodReader reader = new PeriodReader(store, calendar, executor);
        double[] millis = new double[2];
        for (int i = 0; i < 2; i++) {
            long begun = System.nanoTime();
            long end = startSeconds + 86_400L * days;
            int size = reader.read(PeriodUnit.DAY, end - 365 * 86_400L, end)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .size();
            millis[i] = (System.nanoTime() - begun) / 1e6;
            if (size < 365) {
                throw new IllegalStateException("days: " + size);
            }
        }
        return millis;
    }

    double memory() {
        return memory(admin);
    }

    /** Returns the memory of Redis, MB. */
    static double memory(RedisCommands<String, String> admin) {
        return admin.info("memory")
                        .lines()
                        .filter(line -> line.startsWith("used_memory:"))
                        .mapToLong(line -> Long.parseLong(
                                line.substring("used_memory:".length()).trim()))
                        .sum()
                / 1e6;
    }

    static double error(long expected, Long found) {
        return Math.abs(found - expected) / (double) expected;
    }

    static long get(HistoryStep step, HistoryField field) {
        Long value = step.get(field);
        return value == null ? -1 : value;
    }

    @Override
    public void close() throws Exception {
        publisher.close();
        store.close();
        agents.close();
        aggregator.close();
        client.shutdown();
        executor.shutdownNow();
        server.close();
    }
}
