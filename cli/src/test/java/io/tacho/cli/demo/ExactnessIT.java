// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The published totals equal the traffic of the clients exactly, while windows close under full traffic. */
class ExactnessIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final int CLIENTS = 8;
    private static final int CHANNELS = 3;
    private static final int MIN_ROUNDS = 50;
    private static final Duration TRAFFIC = Duration.ofMillis(4_200);

    private final RedisSettings settings = REDIS.settings();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(settings);

    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final HttpClient backend =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final LongAdder published = new LongAdder();
    private final LongAdder replies = new LongAdder();
    private final LongAdder apiRequests = new LongAdder();

    private DemoHub hub;
    private NodeAgent agent;
    private URI api;

    /** A client that waits for replies, so that only a few of its commands are in flight. */
    private final class TestClient {

        private final Semaphore permits = new Semaphore(32);
        private final DemoClient client;

        TestClient(String user) throws Exception {
            client = DemoClient.connect(threads, hub.url(), this::onFrame).get(10, TimeUnit.SECONDS);
            send("{\"id\":1,\"connect\":{\"user\":\"" + user + "\"}}", 1);
            for (int c = 0; c < CHANNELS; c++) {
                send("{\"id\":2,\"subscribe\":{\"channel\":\"c" + c + "\"}}", 1);
            }
            await().until(() -> client.framesReceived() == 1 + CHANNELS);
        }

        private void onFrame(String frame) {
            if (!frame.startsWith("{\"push\"")) {
                permits.release();
            }
        }

        private void send(String frame, int expectedReplies) {
            permits.acquireUninterruptibly(expectedReplies);
            assertThat(client.send(frame)).isTrue();
            replies.add(expectedReplies);
        }

        private void publish(String frame, int count) {
            send(frame, count);
            published.add(count);
        }

        void round(int n) throws Exception {
            String publish =
                    "\"publish\":{\"channel\":\"c" + n % CHANNELS + "\",\"data\":{\"n\":" + n + ",\"s\":\"größer ☃\"}}";
            publish("{\"id\":10," + publish + "}", 1);
            send("{\"id\":11,\"presence\":{\"channel\":\"c0\"}}", 1);
            publish("[{\"id\":12," + publish + "},{\"id\":13," + publish + "},{\"id\":14," + publish + "}]", 3);
            send("{\"id\":15,\"publish\":{\"channel\":\"c0\"}}", 1);
            send("not JSON ☃", 1);
            send("[{\"id\":16,\"dance\":{}},{\"presence\":{\"channel\":\"c0\"}}]", 2);
            if (n % 5 == 0) {
                callApi("{\"method\":\"publish\",\"params\":{\"channel\":\"c1\",\"data\":" + n + "}}", 1);
                callApi(
                        "[" + "{\"method\":\"publish\",\"params\":{\"channel\":\"c2\",\"data\":null}},".repeat(2)
                                + "{\"method\":\"publish\",\"params\":{\"channel\":\"unknown\",\"data\":1}}]",
                        2,
                        1);
                callApi("{\"method\":\"dance\"}", 0);
            }
        }
    }

    // published to channels without subscribers: counted, and delivered to none
    private final LongAdder publishedWithoutSubscribers = new LongAdder();

    private void callApi(String body, int withSubscribers) throws Exception {
        callApi(body, withSubscribers, 0);
    }

    private void callApi(String body, int withSubscribers, int withoutSubscribers) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(api)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status =
                backend.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        assertThat(status).isEqualTo(withSubscribers > 0 ? 200 : 400);
        apiRequests.increment();
        published.add(withSubscribers + withoutSubscribers);
        publishedWithoutSubscribers.add(withoutSubscribers);
    }

    @BeforeEach
    void start() throws Exception {
        IntervalRecorder recorder = new IntervalRecorder();
        hub = new DemoHub(recorder, "127.0.0.1", 0);
        hub.start();
        api = URI.create("http://127.0.0.1:" + hub.port() + "/api");
        agent = NodeAgent.builder()
                .redis(settings)
                .recorder(recorder)
                .channels(hub::channels)
                .metricsInterval(Duration.ofSeconds(1))
                .start();
    }

    @AfterEach
    void stop() {
        hub.close();
        agent.close();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void sumOfAllWindows_equalsTheTrafficOfTheClients() throws Exception {
        List<TestClient> testClients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            testClients.add(new TestClient("user-" + i / 2));
        }
        runAll(testClients);
        List<DemoClient> clients =
                testClients.stream().map(testClient -> testClient.client).toList();
        long expectedFrames = replies.sum() + (published.sum() - publishedWithoutSubscribers.sum()) * CLIENTS;
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(sum(clients, DemoClient::framesReceived)).isEqualTo(expectedFrames));

        hub.close();
        agent.close();
        await().until(follower::left);

        Map<MetricsWindow, NodeSnapshot> windows = windows();
        assertThat(windows.values().stream().filter(metrics -> metrics.number(Field.NUM_MSG_PUBLISHED) > 0))
                .as("windows with traffic")
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(total(windows, Field.NUM_MSG_PUBLISHED)).isEqualTo(published.sum());
        assertThat(total(windows, Field.NUM_MSG_QUEUED)).isEqualTo(expectedFrames);
        assertThat(total(windows, Field.NUM_MSG_SENT)).isEqualTo(expectedFrames);
        assertThat(total(windows, Field.NUM_API_REQUESTS)).isEqualTo(apiRequests.sum());
        assertThat(total(windows, Field.NUM_CLIENT_REQUESTS)).isEqualTo(sum(clients, DemoClient::framesSent));
        assertThat(total(windows, Field.BYTES_CLIENT_IN)).isEqualTo(sum(clients, DemoClient::bytesSent));
        assertThat(total(windows, Field.BYTES_CLIENT_OUT)).isEqualTo(sum(clients, DemoClient::bytesReceived));
        assertThat(windows.values()).allSatisfy(metrics -> {
            assertThat(metrics.number(Field.TIME_CLIENT_MAX))
                    .isGreaterThanOrEqualTo(metrics.number(Field.TIME_CLIENT_MEAN));
            assertThat(metrics.number(Field.TIME_API_MAX)).isGreaterThanOrEqualTo(metrics.number(Field.TIME_API_MEAN));
            assertThat(metrics.number(Field.TIME_CLIENT_MAX) > 0)
                    .isEqualTo(metrics.number(Field.NUM_CLIENT_REQUESTS) > 0);
        });
    }

    private void runAll(List<TestClient> testClients) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
        long end = System.nanoTime() + TRAFFIC.toNanos();
        List<Future<?>> done = new ArrayList<>();
        for (TestClient testClient : testClients) {
            done.add(executor.submit(() -> {
                for (int n = 0; n < MIN_ROUNDS || System.nanoTime() < end; n++) {
                    testClient.round(n);
                }
                return null;
            }));
        }
        for (Future<?> result : done) {
            result.get(60, TimeUnit.SECONDS);
        }
        executor.shutdown();
    }

    /** Returns each window once, although heartbeats repeat it. */
    private Map<MetricsWindow, NodeSnapshot> windows() {
        Map<MetricsWindow, NodeSnapshot> windows = new LinkedHashMap<>();
        follower.beats().stream()
                .filter(envelope -> envelope.window() != null)
                .forEach(envelope -> windows.putIfAbsent(envelope.window(), envelope.snapshot()));
        return windows;
    }

    private static long total(Map<MetricsWindow, NodeSnapshot> windows, Field field) {
        return windows.values().stream()
                .mapToLong(snapshot -> snapshot.number(field))
                .sum();
    }

    private static long sum(List<DemoClient> clients, ToLongFunction<DemoClient> count) {
        return clients.stream().mapToLong(count).sum();
    }
}
