// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.cli.demo.DemoHub;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A real HAProxy in front of demo hubs, with the configuration of deploy/haproxy, and an aggregator beside it. */
final class HaproxyCluster implements AutoCloseable {

    /** The hubs for which the configuration has servers. */
    static final int SERVERS = 5;

    private static final String KEY = "adm1n";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path EXAMPLE = Path.of("..", "deploy", "haproxy", "haproxy.cfg");

    /** A hub and its agent. */
    record Hub(DemoHub hub, NodeAgent agent) implements AutoCloseable {

        long clients() {
            return agent.gauges().numClients().getAsLong();
        }

        @Override
        public void close() {
            hub.close();
            agent.close();
        }
    }

    private final EmbeddedRedis redis;
    private final TestAggregator aggregator;
    private final ChildProcess haproxy;
    private final Path directory;
    private final int port;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Hub> hubs = new ArrayList<>();
    private final long capacity;

    /**
     * Starts Redis, the aggregator and HAProxy, without hubs.
     *
     * @param balance the algorithm instead of the example's agent-checks; null for those
     */
    HaproxyCluster(Path haproxyProgram, Path directory, String balance, long capacity) throws Exception {
        this.directory = directory;
        this.capacity = capacity;
        redis = EmbeddedRedis.start();
        aggregator = TestAggregator.start(
                AggregatorSettings.of(new InetSocketAddress("127.0.0.1", 0), RedisSettings.of(redis.uri()))
                        .withKeys(new ApiKeys(new ApiSecret(KEY), List.of())));
        int checks = aggregator.listenForAgentChecks();
        for (int i = 0; i < SERVERS; i++) {
            ports.add(FreePorts.any());
        }
        port = FreePorts.any();
        Path config = Files.writeString(directory.resolve("haproxy.cfg"), config(balance, checks));
        haproxy = ChildProcess.start(
                "haproxy", List.of(haproxyProgram.toString(), "-db", "-f", config.toString()), directory);
    }

    private String config(String balance, int checks) throws IOException {
        StringBuilder config = new StringBuilder();
        for (String line : Files.readAllLines(EXAMPLE)) {
            if (line.startsWith("    server ")) {
                continue;
            }
            String changed = line.replace("bind :8000", "bind 127.0.0.1:" + port)
                    .replace("agent-port 7024", "agent-port " + checks)
                    .replace("maxconn 20000", "maxconn 6000\n    stats socket " + socket() + " mode 600 level admin");
            if (balance != null) {
                changed = changed.replace("balance leastconn", "balance " + balance)
                        .replaceAll(" agent-check .*", "");
            }
            config.append(changed).append('\n');
        }
        for (int i = 0; i < SERVERS; i++) {
            config.append("    server ").append(name(i)).append(" 127.0.0.1:").append(ports.get(i));
            config.append(balance == null ? " agent-send \"" + name(i) + "\\n\"\n" : "\n");
        }
        return config.toString();
    }

    private Path socket() {
        return directory.resolve("haproxy.sock");
    }

    static String name(int hub) {
        return "chat_" + (hub + 1);
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + port + "/connection/websocket");
    }

    Hub startHub() throws IOException {
        int number = hubs.size();
        IntervalRecorder recorder = new IntervalRecorder();
        DemoHub hub = new DemoHub(recorder, "127.0.0.1", ports.get(number));
        hub.start();
        Hub started = new Hub(
                hub,
                NodeAgent.builder()
                        .redis(redis.uri())
                        .name(name(number))
                        .recorder(recorder)
                        .closeOnShutdown(false)
                        .publishInterval(Duration.ofSeconds(1))
                        .address("127.0.0.1:" + hub.port())
                        .capacity(capacity)
                        .start());
        hubs.add(started);
        return started;
    }

    List<Hub> hubs() {
        return hubs;
    }

    /** {@return a column of HAProxy's statistics by server} */
    Map<String, String> column(String column) throws IOException {
        List<String> lines;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap("show stat\n".getBytes(UTF_8)));
            ByteBuffer response = ByteBuffer.allocate(64 * 1024);
            while (channel.read(response) >= 0) {
                // until the end
            }
            lines = new String(response.array(), 0, response.position(), UTF_8)
                    .lines()
                    .toList();
        }
        List<String> names = List.of(lines.get(0).substring(2).split(",", -1));
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length > 1 && cells[1].startsWith("chat_")) {
                values.put(cells[1], cells[names.indexOf(column)]);
            }
        }
        return values;
    }

    /** Drains a hub by the API of the aggregator; returns when that responds. */
    void drain(Hub hub) throws Exception {
        HttpResponse<String> response = HTTP.send(
                request("/nodes/" + hub.agent().uid() + "/drain")
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.body());
        }
    }

    /** Makes each hub with a surplus disconnect a tenth of it. */
    void shed() throws Exception {
        JsonNode nodes = new ObjectMapper()
                .readTree(HTTP.send(request("/nodes").build(), BodyHandlers.ofString())
                        .body())
                .path("nodes");
        for (JsonNode node : nodes) {
            int surplus = node.path("surplus").asInt();
            for (Hub hub : hubs) {
                if (surplus > 0 && hub.agent().uid().equals(node.path("uid").asText())) {
                    hub.hub().shed((surplus + 9) / 10);
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(aggregator.url() + path)).header("X-API-Key", KEY);
    }

    void stopAggregator() {
        aggregator.close();
    }

    /** Waits while HAProxy and its clients run. */
    static void elapse(Duration duration) {
        if (!duration.isNegative()) {
            await().pollDelay(duration).atMost(duration.plusSeconds(10)).until(() -> true);
        }
    }

    /** {@return the largest number of clients of a hub, divided by the mean} */
    double imbalance() {
        double sum = hubs.stream().mapToLong(Hub::clients).sum();
        long max = hubs.stream().mapToLong(Hub::clients).max().orElse(0);
        return sum == 0 ? 0 : max * hubs.size() / sum;
    }

    long clients() {
        return hubs.stream().mapToLong(Hub::clients).sum();
    }

    @Override
    public void close() throws Exception {
        haproxy.close();
        hubs.forEach(Hub::close);
        aggregator.close();
        redis.close();
    }
}
