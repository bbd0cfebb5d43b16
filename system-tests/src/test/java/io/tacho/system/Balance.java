// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of BENCHMARKS.md about HAProxy: 2,000 clients on three hubs, then five, of which some connect again every second. Run
 * for some minutes by the command there, not by CI.
 */
class Balance {

    private static final int CLIENTS = Integer.getInteger("balance.clients", 2_000);
    private static final int RECONNECTS = Integer.getInteger("balance.reconnects", 20);
    private static final int SECONDS = Integer.getInteger("balance.seconds", 60);

    @TempDir
    private Path directory;

    private final Path haproxy = InstalledProgram.require("haproxy", "haproxy");

    @Test
    void scaleOut_imbalanceIsReduced() throws Exception {
        measure("roundrobin", "roundrobin", false);
        measure("leastconn", "leastconn", false);
        measure("leastconn, weights of Tacho", null, false);
        double imbalance = measure("leastconn, weights and surplus of Tacho", null, true);

        assertThat(imbalance).isLessThan(1.1);
    }

    /** Prints max/mean over time since the scale-out; returns the last one. */
    private double measure(String name, String balance, boolean sheds) throws Exception {
        Path files = Files.createTempDirectory(directory, "haproxy");
        try (HaproxyCluster cluster = new HaproxyCluster(haproxy, files, balance, CLIENTS / 2);
                WebSocketClients clients = new WebSocketClients(cluster.url(), CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                cluster.startHub();
            }
            HaproxyCluster.elapse(Duration.ofSeconds(4));
            clients.connect(400);
            while (cluster.clients() < CLIENTS) {
                HaproxyCluster.elapse(Duration.ofMillis(200));
            }
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%s: %.2f", name, cluster.imbalance()));
            cluster.startHub();
            cluster.startHub();
            clients.reconnect(RECONNECTS);
            int balancedAfter = -1;
            long began = System.nanoTime();
            for (int second = 1; second <= SECONDS; second++) {
                Duration passed = Duration.ofNanos(System.nanoTime() - began);
                HaproxyCluster.elapse(Duration.ofSeconds(second).minus(passed));
                if (sheds) {
                    cluster.shed();
                }
                if (balancedAfter < 0 && cluster.imbalance() <= 1.1) {
                    balancedAfter = second;
                }
                if (second == 5 || second % 10 == 0) {
                    line.append(String.format(Locale.ROOT, ", %d s %.2f", second, cluster.imbalance()));
                }
            }
            print(line + ", at most 1.1 after " + (balancedAfter < 0 ? "-" : balancedAfter + " s"));
            if (sheds) {
                drainAndKill(cluster);
            }
            return cluster.imbalance();
        }
    }

    /** New connections of a draining hub, and the weights after the end of the aggregator. */
    private static void drainAndKill(HaproxyCluster cluster) throws Exception {
        long began = System.nanoTime();
        cluster.drain(cluster.hubs().get(0));
        long millis = (System.nanoTime() - began) / 1_000_000;
        long atResponse = sessions(cluster);
        HaproxyCluster.elapse(Duration.ofSeconds(1));
        long afterASecond = sessions(cluster);
        HaproxyCluster.elapse(Duration.ofSeconds(5));
        print("drain: response after " + millis + " ms, new connections in the first second after that "
                + (afterASecond - atResponse) + ", in the next five " + (sessions(cluster) - afterASecond));
        cluster.stopAggregator();
        Map<String, String> weights = cluster.column("weight");
        HaproxyCluster.elapse(Duration.ofSeconds(5));
        print("weights when the aggregator ended " + weights + ", 5 s later " + cluster.column("weight"));
    }

    private static long sessions(HaproxyCluster cluster) throws Exception {
        return Long.parseLong(cluster.column("stot").get("chat_1"));
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
