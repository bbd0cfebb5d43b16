// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.WindowDetail;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.store.WindowUpload;
import io.tacho.testing.Summaries;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the memory of all tiers at their default retention, and the time of a year's response. See BENCHMARKS.md. */
class TenYearsOfMemory {

    private static final int BATCH = 50;

    private EmbeddedRedis server;
    private RedisCommands<String, String> admin;

    private static DurationHistogram histogram(int requests, boolean all) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        SplittableRandom random = new SplittableRandom(1);
        long max = 0;
        long sum = 0;
        for (int i = 0; i < requests; i++) {
            long duration = all
                    ? (1L << random.nextInt(36)) + random.nextLong(1L << 34) % (1L << random.nextInt(1, 36))
                    : (long) (200_000 * Math.exp(4 * random.nextDouble() * random.nextDouble()));
            buckets[HistogramBuckets.indexOf(duration)]++;
            max = Math.max(max, duration);
            sum += duration;
        }
        return DurationHistogram.of(buckets, sum, max);
    }

    @ParameterizedTest
    @CsvSource({"typical, 500000, false, 30000, 2000", "worst, 1000000, true, 1000000, 1000000"})
    void tiers_memoryAndResponseTime(String name, int requests, boolean all, int users, int channels) throws Exception {
        RedisClient client = RedisClient.create();
        server = EmbeddedRedis.start();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
        try (RedisTransport transport = new RedisTransport(RedisSettings.of(server.uri()), new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher();
                PeriodStore store = transport.periods(TierRetention.DEFAULT)) {
            admin = client.connect(RedisURI.create(server.uri())).sync();
            Encoded<DurationHistogram> times = histogram(requests, all).encoded();
            Encoded<HyperLogLog> someUsers = Summaries.users(0, users).encoded();
            Encoded<HyperLogLog> someChannels = Summaries.users(0, channels).encoded();
            PeriodSummary minute = Summaries.minute(Windows.SLOT, 500, 1_000, 425);
            PeriodSummary summary = new PeriodSummary(
                    minute.numbers(), minute.secondsByNodes(), minute.peaks(), times, times, someUsers, someChannels);
            long now = Instant.now().getEpochSecond();
            double before = LongTermSimulation.memory(admin);
            StringBuilder report = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%s: histograms of %d bytes, users %d, channels %d bytes",
                    name,
                    times.bytes().length,
                    someUsers.bytes().length,
                    someChannels.bytes().length));
            WindowDetail detail = new WindowDetail(times, times, someUsers, someChannels);
            long first = now / 60 * 60 - 1_440 * 60;
            for (int from = 0; from < 1_440; from += 10) {
                List<WindowUpload.Numbered> windows = new ArrayList<>();
                for (int i = from; i < from + 10; i++) {
                    windows.add(new WindowUpload.Numbered(
                            i + 1,
                            Windows.minute(1_000 * (first + 60L * i), 1_000).withDetail(detail)));
                }
                publisher
                        .upload(new WindowUpload("u1", Duration.ofHours(24), from, windows))
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
            }
            before = add(report, "minutes", 1_440, before);
            for (Tier tier : List.of(Tier.HOUR, Tier.DAY, Tier.MONTH)) {
                long days = tier == Tier.HOUR ? 90 : 3_652;
                List<Period> periods = utc.overlapping(tier, now - days * 86_400, now);
                for (int from = 0; from < periods.size(); from += BATCH) {
                    CompletableFuture.allOf(periods.subList(from, Math.min(periods.size(), from + BATCH)).stream()
                                    .map(period ->
                                            store.restore(period, summary).toCompletableFuture())
                                    .toArray(CompletableFuture[]::new))
                            .get(60, TimeUnit.SECONDS);
                }
                before = add(report, tier.label() + "s", periods.size(), before);
            }
            report.append(String.format(Locale.ROOT, "; all %.1f MB", LongTermSimulation.memory(admin)));
            PeriodReader reader = new PeriodReader(store, utc, executor);
            for (String pass : List.of("without", "with", "with")) {
                long begun = System.nanoTime();
                int rows = reader.read(PeriodUnit.DAY, now - 365 * 86_400, now)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS)
                        .size();
                report.append(String.format(
                        Locale.ROOT, "; %d days %s cache %.0f ms", rows, pass, (System.nanoTime() - begun) / 1e6));
            }
            System.out.println(report);
        } finally {
            client.shutdown();
            executor.shutdownNow();
            server.close();
        }
    }

    private double add(StringBuilder report, String what, int count, double before) {
        double after = LongTermSimulation.memory(admin);
        report.append(String.format(Locale.ROOT, "; %d %s %.1f MB", count, what, after - before));
        return after;
    }
}
