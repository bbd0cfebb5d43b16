// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The alternative without an aggregator: reads all nodes from Redis for every query, in as few round trips as there can
 * be. There is no HTTP around it and no JSON is made of hashes, which is in its favour.
 */
final class NaiveReader {

    private static final String BATCH = "1000";

    /** The database in which each node is JSON under its own key; the contract's database has them as hashes. */
    static final int STRINGS_DATABASE = 1;

    /**
     * The result of a run.
     *
     * @param responses how many there were
     * @param p99Millis of how long they took
     * @param fewestFound nodes in one of them
     */
    record Reading(long responses, double seconds, double p99Millis, int fewestFound) {}

    private final int redisPort;
    private final String pattern;
    private final boolean strings;
    private final int nodes;
    private final AtomicInteger fewestFound = new AtomicInteger(Integer.MAX_VALUE);

    /**
     * Creates a reader.
     *
     * @param pattern of the nodes' keys
     * @param strings whether they are JSON, in the database of such, or hashes
     */
    NaiveReader(int redisPort, String pattern, boolean strings, int nodes) {
        this.redisPort = redisPort;
        this.pattern = pattern;
        this.strings = strings;
        this.nodes = nodes;
    }

    /** Readers side by side, each with a connection; queries under way at the end of the time are finished and count. */
    Reading run(int connections, int seconds) throws IOException, InterruptedException {
        ExecutorService readers = Executors.newFixedThreadPool(connections, DaemonThreads.named("tacho-bench-reader"));
        try {
            long start = System.nanoTime();
            Callable<double[]> reader = () -> read(start + seconds * 1_000_000_000L);
            List<Future<double[]>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(readers.submit(reader));
            }
            List<double[]> all = new ArrayList<>();
            for (Future<double[]> one : running) {
                all.add(one.get());
            }
            double elapsed = (System.nanoTime() - start) / 1e9;
            double[] took =
                    all.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
            return new Reading(took.length, elapsed, took[(int) Math.ceil(took.length * 0.99) - 1], fewestFound.get());
        } catch (ExecutionException e) {
            throw new IOException("reading from Redis: " + Failures.unwrap(e), e);
        } finally {
            readers.shutdownNow();
        }
    }

    private double[] read(long endNanos) throws IOException {
        DoubleStream.Builder took = DoubleStream.builder();
        try (Resp redis = new Resp(redisPort)) {
            redis.ask("SELECT", Integer.toString(strings ? STRINGS_DATABASE : 0));
            do {
                long before = System.nanoTime();
                query(redis);
                took.add((System.nanoTime() - before) / 1e6);
            } while (System.nanoTime() < endNanos);
        }
        return took.build().toArray();
    }

    private void query(Resp redis) throws IOException {
        List<byte[]> keys = keys(redis);
        int found = keys.isEmpty() ? 0 : strings ? values(redis, keys) : hashes(redis, keys);
        if (found == 0) {
            throw new IOException("no nodes (expected: " + nodes + ")");
        }
        // at times some have expired: who reads that much leaves Redis no time for their beats
        fewestFound.accumulateAndGet(found, Math::min);
    }

    private List<byte[]> keys(Resp redis) throws IOException {
        List<byte[]> keys = new ArrayList<>(nodes);
        byte[] cursor = {'0'};
        do {
            redis.send(Resp.command(
                    "SCAN".getBytes(UTF_8),
                    cursor,
                    "MATCH".getBytes(UTF_8),
                    pattern.getBytes(UTF_8),
                    "COUNT".getBytes(UTF_8),
                    BATCH.getBytes(UTF_8)));
            List<?> page = list(redis.reply());
            cursor = (byte[]) page.get(0);
            for (Object key : list(page.get(1))) {
                keys.add((byte[]) key);
            }
        } while (cursor.length != 1 || cursor[0] != '0');
        return keys;
    }

    private static int values(Resp redis, List<byte[]> keys) throws IOException {
        byte[][] words = new byte[keys.size() + 1][];
        words[0] = "MGET".getBytes(UTF_8);
        for (int i = 0; i < keys.size(); i++) {
            words[i + 1] = keys.get(i);
        }
        redis.send(Resp.command(words));
        return (int) list(redis.reply()).stream().filter(Objects::nonNull).count();
    }

    private static int hashes(Resp redis, List<byte[]> keys) throws IOException {
        byte[] command = "HGETALL".getBytes(UTF_8);
        for (byte[] key : keys) {
            redis.send(Resp.command(command, key));
        }
        int found = 0;
        for (int i = 0; i < keys.size(); i++) {
            found += list(redis.reply()).isEmpty() ? 0 : 1;
        }
        return found;
    }

    private static List<?> list(@Nullable Object response) throws IOException {
        if (response instanceof List<?> list) {
            return list;
        }
        throw new IOException("Redis: no list");
    }
}
