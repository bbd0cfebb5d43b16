// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.SnapshotPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the CPU time of a Redis server for uploads of many nodes, including merges. See BENCHMARKS.md. */
class UploadCost {

    private static final int NODES = 2_000;
    private static final int IN_FLIGHT = 50;

    private static long value(RedisCommands<String, String> redis, String section, String pattern) {
        Matcher number = Pattern.compile(pattern).matcher(redis.info(section));
        return number.find() ? Math.round(1_000 * Double.parseDouble(number.group(1))) : 0;
    }

    private static long milliCpu(RedisCommands<String, String> redis) {
        return value(redis, "cpu", "used_cpu_user:([\\d.]+)") + value(redis, "cpu", "used_cpu_sys:([\\d.]+)");
    }

    private static DurationHistogram histogram(Random random, int requests, double medianNanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        long sum = 0;
        long longest = 0;
        for (int i = 0; i < requests; i++) {
            long nanos = (long) (medianNanos * Math.exp(0.7 * random.nextGaussian()));
            buckets[HistogramBuckets.indexOf(nanos)]++;
            sum += nanos;
            longest = Math.max(longest, nanos);
        }
        return DurationHistogram.of(buckets, sum, longest);
    }

    private static HyperLogLog ids(String prefix, int first, int count) {
        return HyperLogLog.of(IntStream.range(first, first + count)
                .mapToObj(id -> prefix + id)
                .toList());
    }

    private static NodeWindow window(long slot, int node, int requests, int users, int channels) {
        Random random = new Random(node);
        long[] sums = random.longs(9, 1_000, 1_000_000).toArray();
        NodeTotals totals = requests == 0
                ? NodeTotals.ZERO
                : new NodeTotals(
                        sums[0], sums[1], sums[2], requests, 10L * requests, sums[5], sums[6], sums[7], sums[8]);
        WindowDetail detail = requests == 0
                ? WindowDetail.NONE
                : new WindowDetail(
                        histogram(random, requests, 250_000).encoded(),
                        histogram(random, 10 * requests, 80_000).encoded(),
                        ids("user-", 7 * node, users).encoded(),
                        ids("channel-", node % 100, channels).encoded());
        return new NodeWindow(
                60,
                new MetricsWindow(slot, slot + 60_000),
                totals,
                new WindowGauges(20, users, users, channels, 60_000_000, requests / 100),
                requests == 0 ? 0 : 2_000_000,
                requests == 0 ? 0 : 2_000_000,
                detail);
    }

    @ParameterizedTest(name = "{0} API requests, {1} users, {2} channels")
    @CsvSource({"0, 0, 0", "100, 100, 50", "100, 1000, 50", "10000, 20000, 2000"})
    void upload(int requests, int users, int channels) throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisTransport transport = new RedisTransport(RedisSettings.of(server.uri()), new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher()) {
            RedisClient client = RedisClient.create(server.uri());
            RedisCommands<String, String> redis = client.connect().sync();
            // the first minute is warm-up; the second is measured; the first upload of the third completes its merge
            run(publisher, SLOT, 500, requests, users, channels);
            redis.configResetstat();
            long before = milliCpu(redis);
            run(publisher, SLOT + 60_000, NODES, requests, users, channels);
            long cpu = milliCpu(redis) - before;
            long scripts = value(redis, "commandstats", "cmdstat_evalsha:[^\\n]*usec=(\\d+)")
                    + value(redis, "commandstats", "cmdstat_hgetall:[^\\n]*usec=(\\d+)");
            run(publisher, SLOT + 120_000, 1, requests, users, channels);
            String entry = "{tacho:0}:window:60:" + (SLOT + 60_000);
            System.out.printf(
                    "%,d API requests, %,d users, %,d channels: %.1f µs in commands, %.1f µs of CPU per upload;"
                            + " entry %,d bytes, %s%n",
                    requests,
                    users,
                    channels,
                    scripts / 1e3 / NODES,
                    1e3 * cpu / NODES,
                    List.of(entry, entry + ":users", entry + ":channels").stream()
                            .mapToLong(key -> redis.exists(key) == 0 ? 0 : redis.memoryUsage(key))
                            .sum(),
                    redis.info("commandstats")
                            .lines()
                            .filter(line -> line.startsWith("cmdstat_evalsha") || line.startsWith("cmdstat_hgetall"))
                            .toList());
            client.shutdown();
        }
    }

    private static void run(SnapshotPublisher publisher, long slot, int nodes, int requests, int users, int channels) {
        List<NodeWindow> windows = IntStream.range(0, 20)
                .mapToObj(node -> window(slot, node, requests, users, channels))
                .toList();
        List<CompletableFuture<?>> inFlight = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            inFlight.add(publisher
                    .upload(batch("u" + slot + "-" + node, 0, 1, windows.get(node % windows.size())))
                    .toCompletableFuture());
            if (inFlight.size() == IN_FLIGHT || node == nodes - 1) {
                CompletableFuture.allOf(inFlight.toArray(new CompletableFuture<?>[0]))
                        .join();
                inFlight.clear();
            }
        }
    }
}
