// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.Windows;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A cluster whose windows are functions of their time, so that none has to be stored: nodes that join and leave,
 * daily and weekly patterns, users of whom consecutive hours, days and nodes have a known part in common.
 */
final class SimulatedCluster {

    /** The maximum number of live nodes; nodes with number % 3 == 2 are absent at night. */
    private static final int LIVE = 9;

    private static final int DURATIONS = 8;
    private static final int CHANNELS = 5_000;

    private final int hours;
    private final int nodes;
    private final String[] users;
    private final List<HyperLogLog> channels;

    SimulatedCluster(int days, int nodes, int users) {
        this.hours = 24 * days;
        this.nodes = nodes;
        this.users = IntStream.range(0, users).mapToObj(user -> "user-" + user).toArray(String[]::new);
        channels = IntStream.range(0, nodes)
                .mapToObj(node -> HyperLogLog.of(IntStream.range(0, 500)
                        .mapToObj(i -> "channel-" + (node * 37 + i) % CHANNELS)
                        .toList()))
                .toList();
    }

    /** The numbers of the live nodes in an hour since the start. */
    int[] live(int hour) {
        return IntStream.range(0, nodes)
                .filter(node -> {
                    int life = LIVE * hours / nodes;
                    int joined = node * (hours + life) / nodes - life;
                    boolean member = hour >= joined && hour < joined + life;
                    return member && !(node % 3 == 2 && hour % 24 < 5);
                })
                .toArray();
    }

    /** The load of the cluster, from 0.2 to 1. */
    private static double busy(int hour) {
        double day = 0.6 - 0.4 * Math.cos(2 * Math.PI * (hour % 24) / 24);
        return (hour / 24) % 7 < 5 ? day : day * 0.7;
    }

    /** The factor of all numbers of a node in a part of an hour. */
    long factor(int node, int hour, int part) {
        return 1
                + (long) (busy(hour) * (900 + 13 * (node % 17)))
                + new SplittableRandom(seed(node, hour, part)).nextInt(50);
    }

    long clients(int node, int hour, int part) {
        return 11 * factor(node, hour, part);
    }

    private static long seed(int node, int hour, int part) {
        return ((long) node << 40) ^ ((long) hour << 12) ^ part;
    }

    /** The request times of a node, nanoseconds. */
    long[] durations(int node, int hour, int part) {
        SplittableRandom random = new SplittableRandom(~seed(node, hour, part));
        long[] durations = new long[DURATIONS];
        for (int i = 0; i < DURATIONS; i++) {
            durations[i] = (long) (200_000 * Math.exp(4 * random.nextDouble() * random.nextDouble())) + 1_000;
        }
        return durations;
    }

    /** The first user of the cluster in an hour; the others follow. */
    private int firstUser(int hour) {
        return (hour / 24 * 311 + hour % 24 * 400) % users.length;
    }

    private int userCount(int hour) {
        return Math.min(users.length, (int) (9_000 * busy(hour)));
    }

    /** The users of one of the live nodes in an hour, a tenth of whom are those of the next node too. */
    int[] usersOf(int place, int live, int hour) {
        int count = userCount(hour);
        int share = count / live;
        int from = firstUser(hour) + place * share;
        return IntStream.range(from, from + Math.min(share + share / 10, users.length))
                .map(user -> user % users.length)
                .toArray();
    }

    /** The sketch of the users of a node in an hour. */
    HyperLogLog sketch(int place, int live, int hour) {
        HyperLogLog.Builder sketch = new HyperLogLog.Builder();
        for (int user : usersOf(place, live, hour)) {
            sketch.add(users[user]);
        }
        return sketch.build();
    }

    /** The window of a node that begins in an hour since the start. */
    NodeWindow window(int node, long startSeconds, int hour, int part, int seconds, HyperLogLog sketch) {
        long start = 1_000 * startSeconds;
        long f = factor(node, hour, part);
        return new NodeWindow(
                seconds,
                new MetricsWindow(start, start + 1_000L * seconds),
                new NodeTotals(f, 2 * f, 3 * f, 4 * f, 5 * f, 6 * f, 7 * f, 8 * f, 9 * f),
                new WindowGauges(10 * f, 11 * f, 12 * f, 13 * f, 14 * f, 15 * f),
                16 * f,
                17 * f,
                new WindowDetail(
                        Windows.histogram(durations(node, hour, part)).encoded(),
                        null,
                        sketch.encoded(),
                        channels.get(node).encoded()));
    }

    /** The duration that the share of all durations does not exceed. */
    static long quantile(List<long[]> durations, double share) {
        long[] all = durations.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return all[(int) Math.max(1, Math.ceil(share * all.length)) - 1];
    }
}
