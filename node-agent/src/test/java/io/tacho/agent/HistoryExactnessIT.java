// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.ClusterWindow;
import io.tacho.model.Extra;
import io.tacho.model.NodeTotals;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowHistory;
import io.tacho.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The history of the cluster equals the counts of all nodes exactly, despite connection failures and Redis restarts: no
 * retained window is lost or counted twice.
 */
class HistoryExactnessIT {

    private static final int AGENTS = 4;
    private static final Duration CHAOS = Duration.ofMillis(2_500);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path data;

    private final Random random = new Random(7);
    private final List<NodeAgent> agents = new ArrayList<>();
    private final RedisClient client = RedisClient.create();

    private EmbeddedRedis redis;
    private TcpProxy proxy;
    private RedisTransport transport;
    private WindowHistory history;
    private Thread traffic;
    private volatile boolean busy = true;

    private record User(String id, NodeAgent agent, long nanos) {}

    /** Written by the traffic thread; read by the test after that thread has ended. */
    private final List<String> users = new ArrayList<>();

    private final Deque<User> connected = new ArrayDeque<>();

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start(0, "--dir", data.toString(), "--appendonly", "yes", "--appendfsync", "always");
        proxy = TcpProxy.to(redis.port());
        transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
        history = transport.history();
        for (int i = 0; i < AGENTS; i++) {
            agents.add(NodeAgent.builder()
                    .redis(new RedisSettings(
                            proxy.redisUri(), RedisSettings.DEFAULT_NAMESPACE, 1, Duration.ofMillis(500)))
                    .metricsInterval(Duration.ofSeconds(1))
                    .name("node_" + i)
                    .start());
        }
        traffic = new Thread(this::makeTraffic, "traffic");
        traffic.start();
    }

    @AfterEach
    void stop() throws Exception {
        busy = false;
        traffic.join();
        agents.forEach(NodeAgent::close);
        history.close();
        transport.close();
        client.shutdown();
        proxy.close();
        redis.close();
    }

    private void makeTraffic() {
        while (busy) {
            NodeAgent agent = agents.get(ThreadLocalRandom.current().nextInt(AGENTS));
            agent.recorder().messagePublished();
            agent.recorder().counter("jobs").increment();
            agent.recorder().messagesQueued(3);
            agent.recorder().messagesSent(2);
            agent.recorder().bytesIn(17);
            agent.recorder().bytesOut(41);
            agent.recorder().apiRequest(ThreadLocalRandom.current().nextLong(50_000_000));
            agent.recorder().clientRequest(ThreadLocalRandom.current().nextLong(1_000));
            connectAUser(agent);
            Thread.onSpinWait();
            if (ThreadLocalRandom.current().nextInt(200) == 0) {
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    /** Connects a user every 20 ms, for the duration of three windows. */
    private void connectAUser(NodeAgent agent) {
        long now = System.nanoTime();
        if (!connected.isEmpty() && now - connected.getLast().nanos() < 20_000_000) {
            return;
        }
        User user = new User("user-" + users.size(), agent, now);
        users.add(user.id());
        connected.add(user);
        agent.recorder().userConnected(user.id());
        while (now - connected.getFirst().nanos() > 3_000_000_000L) {
            User first = connected.removeFirst();
            first.agent().recorder().userDisconnected(first.id());
        }
    }

    @Test
    void history_equalsTotalsOfAllNodes_despiteFailures() throws Exception {
        killConnections();
        restartRedisWithData();
        killConnections();
        onRedis(connection -> connection.sync().flushall());
        killConnections();
        restartRedisWithoutData();
        killConnections();
        busy = false;
        traffic.join();

        NodeTotals counted = total(agents.stream().map(NodeAgent::totals).toList());
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(historyTotals()).isEqualTo(counted));
        agents.forEach(NodeAgent::close);

        assertThat(historyTotals()).as("after the leave messages").isEqualTo(counted);
        List<ClusterWindow> windows = windows();
        assertThat(windows).hasSizeGreaterThanOrEqualTo(8);
        assertThat(windows.stream()
                        .mapToLong(window -> requests(window.detail().timeApi()))
                        .sum())
                .as("count of histograms")
                .isEqualTo(counted.numApiRequests());
        assertThat(windows.stream()
                        .flatMap(window ->
                                Stream.ofNullable(window.extras().byName().get("jobs")))
                        .mapToLong(Extra::value)
                        .sum())
                .as("counter 'jobs' of the host")
                .isEqualTo(counted.numMsgPublished());
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        windows.stream()
                .flatMap(window -> Stream.ofNullable(window.detail().users()))
                .forEach(ofWindow -> union.add(ofWindow.decode()));
        assertThat(union.build().encoded())
                .as("union of %d users", users.size())
                .isEqualTo(HyperLogLog.of(users).encoded());
        assertThat(windows)
                .allSatisfy(window -> assertThat(window.usersNodes()).isLessThanOrEqualTo(window.nodeWindows()));
        assertThat(windows.stream().mapToLong(ClusterWindow::timeApiMax).max().orElse(0))
                .isLessThan(50_000_000);
    }

    /** Kills connections at random; pending commands may or may not have been executed. */
    private void killConnections() {
        proxy.dropResponses(0.3);
        long end = System.nanoTime() + CHAOS.toNanos();
        while (System.nanoTime() < end) {
            await().pollDelay(Duration.ofMillis(200 + random.nextInt(600))).until(() -> true);
            if (random.nextBoolean()) {
                proxy.cutAfter(random.nextInt(6_000));
            } else {
                onRedis(connection -> connection
                        .sync()
                        .clientKill(KillArgs.Builder.typeNormal().skipme()));
            }
        }
        proxy.dropResponses(0);
    }

    private interface Use {
        void of(StatefulRedisConnection<String, String> connection);
    }

    private void onRedis(Use use) {
        try (StatefulRedisConnection<String, String> connection = client.connect(RedisURI.create(redis.uri()))) {
            use.of(connection);
        }
    }

    private void restartRedisWithData() throws Exception {
        redis.stopServer();
        redis.startServer();
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> !windows().isEmpty());
    }

    private void restartRedisWithoutData() throws Exception {
        redis.stopServer();
        try (Stream<Path> files = Files.walk(data.resolve("appendonlydir"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        redis.startServer();
    }

    private NodeTotals historyTotals() throws Exception {
        return total(windows().stream().map(ClusterWindow::sums).toList());
    }

    private List<ClusterWindow> windows() throws Exception {
        return history.changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .windows();
    }

    private static long requests(Encoded<DurationHistogram> histogram) {
        return histogram == null ? 0 : histogram.decode().count();
    }

    private static NodeTotals total(List<NodeTotals> all) {
        return new NodeTotals(
                sum(all, NodeTotals::numMsgPublished),
                sum(all, NodeTotals::numMsgQueued),
                sum(all, NodeTotals::numMsgSent),
                sum(all, NodeTotals::numApiRequests),
                sum(all, NodeTotals::numClientRequests),
                sum(all, NodeTotals::bytesClientIn),
                sum(all, NodeTotals::bytesClientOut),
                sum(all, NodeTotals::timeApiSum),
                sum(all, NodeTotals::timeClientSum));
    }

    private static long sum(List<NodeTotals> all, ToLongFunction<NodeTotals> field) {
        return all.stream().mapToLong(field).sum();
    }
}
