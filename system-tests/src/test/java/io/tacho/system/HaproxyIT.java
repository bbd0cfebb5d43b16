// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of deploy/haproxy with a real HAProxy: weights, a drain, and the end of the aggregator. */
class HaproxyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CLIENTS = 60;

    @TempDir
    private Path directory;

    private final Path haproxy = InstalledProgram.require("haproxy", "haproxy");

    @Test
    void example_isValid() throws Exception {
        Process check = new ProcessBuilder(
                        haproxy.toString(),
                        "-c",
                        "-f",
                        Path.of("..", "deploy", "haproxy", "haproxy.cfg").toString())
                .redirectErrorStream(true)
                .start();

        String output = new String(check.getInputStream().readAllBytes());

        assertThat(check.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("[WARNING]");
    }

    @Test
    void weightsFollowFreeCapacity_drainStopsConnections_aggregatorEnds_weightsStay() throws Exception {
        try (HaproxyCluster cluster = new HaproxyCluster(haproxy, directory, null, 100)) {
            for (int i = 0; i < 3; i++) {
                cluster.startHub();
            }
            await().atMost(TIMEOUT)
                    .until(() -> cluster.column("status").get("chat_3").equals("UP"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() ->
                            assertThat(cluster.column("status").get("chat_4")).startsWith("DOWN"));
            try (WebSocketClients clients = new WebSocketClients(cluster.url(), CLIENTS)) {
                clients.connect(CLIENTS);
                await().atMost(TIMEOUT).until(() -> cluster.clients() == CLIENTS);
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(cluster.column("weight").values().stream()
                                        .limit(3)
                                        .mapToInt(Integer::parseInt)
                                        .sum())
                                .isEqualTo(300 - CLIENTS));
                clients.reconnect(40);

                cluster.drain(cluster.hubs().get(0));
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(cluster.column("status").get("chat_1"))
                                .startsWith("DRAIN"));
                Map<String, String> before = cluster.column("stot");
                HaproxyCluster.elapse(Duration.ofSeconds(2));
                Map<String, String> after = cluster.column("stot");

                assertThat(after.get("chat_1")).isEqualTo(before.get("chat_1"));
                assertThat(Integer.parseInt(after.get("chat_2"))).isGreaterThan(Integer.parseInt(before.get("chat_2")));
                assertThat(cluster.column("status").get("chat_1")).startsWith("DRAIN");

                cluster.stopAggregator();
                Map<String, String> weights = cluster.column("weight");
                HaproxyCluster.elapse(Duration.ofSeconds(2));
                assertThat(cluster.column("weight")).isEqualTo(weights);
                assertThat(cluster.column("status").get("chat_1")).startsWith("DRAIN");
                assertThat(cluster.column("status").get("chat_2")).isEqualTo("UP");
            }
        }
    }
}
