// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.agent.Destination;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.push.PushSource;
import io.tacho.agent.source.statsd.StatsdSettings;
import io.tacho.agent.source.statsd.StatsdSource;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/** Agents of a soak with external sources: StatsD, push, and a host. Each may receive invalid values. */
final class SoakSources implements AutoCloseable {

    /** The clients of each of these nodes. */
    static final long CLIENTS = 7;

    private static final List<String> NUMBERS =
            List.of("18446744073709551615", "9007199254740992", "1e300", "NaN", "-1000000000000", "Infinity", "x");
    private static final List<String> COUNTERS = List.of("num_api_requests", "num_msg_sent", "bytes_client_in");
    private static final Duration FOREVER = Duration.ofDays(1);

    /** The behavior of the host's gauge. */
    private enum Gauge {
        CORRECT,
        NEGATIVE,
        BEYOND_THE_LIMIT,
        THROWING,
        BLOCKING
    }

    private final Random random;
    private final InetSocketAddress statsd = freeAddress();
    private final InetSocketAddress push = freeAddress();
    private final DatagramSocket socket = new DatagramSocket();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, NodeAgent> agents = new LinkedHashMap<>();
    private Gauge gauge = Gauge.CORRECT;

    SoakSources(Random random, RedisSettings redis, Duration window, Duration beat, Duration ttl) throws Exception {
        this.random = random;
        OtherProcess none = new OtherProcess(ProcessProbe.NONE, InstantSource.system(), System::nanoTime);
        BiFunction<PublishSettings, IntervalRecorder, NodeSource> byStatsd = (node, recorder) -> new StatsdSource(
                new StatsdSettings(statsd, null, null, FOREVER, FOREVER),
                node.uid(),
                node.name(),
                recorder,
                none,
                false);
        BiFunction<PublishSettings, IntervalRecorder, NodeSource> byPush = (node, recorder) -> new PushSource(
                new PushSettings(push, null, List.of(), FOREVER, FOREVER), node.uid(), node.name(), none, false);
        Map.of("by-statsd", byStatsd, "by-push", byPush).forEach((name, source) -> {
            PublishSettings node = PublishSettings.of(name, window, beat, ttl, null);
            IntervalRecorder recorder = new IntervalRecorder();
            NodeAgent agent = NodeAgent.of(node, recorder, source.apply(node, recorder), Destination.redis(redis));
            agent.start();
            agents.put(name, agent);
        });
        agents.put(
                "of-host",
                NodeAgent.builder()
                        .redis(redis)
                        .name("of-host")
                        .numClients(this::clients)
                        .metricsInterval(window)
                        .publishInterval(beat)
                        .ttl(ttl)
                        .closeOnShutdown(false)
                        .start());
        reportClients();
    }

    private static InetSocketAddress freeAddress() throws IOException {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.any());
    }

    /** {@return the uid of each node by its name} */
    Map<String, String> uids() {
        Map<String, String> uids = new LinkedHashMap<>();
        agents.forEach((name, agent) -> uids.put(name, agent.uid()));
        return uids;
    }

    /** Reports API requests by StatsD, and client requests by push. */
    void report(int apiRequests, int clientRequests) throws Exception {
        send("tacho.num_api_requests:" + apiRequests + "|c");
        put("{\"num_client_requests\":" + clientRequests + "}", 204);
    }

    private void reportClients() throws Exception {
        send("tacho.num_clients:" + CLIENTS + "|g");
        put("{\"num_clients\":" + CLIENTS + "}", 204);
    }

    private void send(String line) throws IOException {
        byte[] packet = line.getBytes(UTF_8);
        socket.send(new DatagramPacket(packet, packet.length, statsd));
    }

    private void put(String body, int expectedStatus) throws Exception {
        URI node = URI.create("http://127.0.0.1:" + push.getPort() + "/node?counters=interval");
        HttpRequest request =
                HttpRequest.newBuilder(node).PUT(BodyPublishers.ofString(body)).build();
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status != expectedStatus) {
            throw new AssertionError("PUT " + body + ": status " + status + " (expected: " + expectedStatus + ")");
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    void poisonStatsd() throws IOException {
        String counter = any(COUNTERS);
        send("tacho." + counter + ":" + any(NUMBERS) + "|c");
        send("tacho." + counter + ":1|c|@1e-300");
        send("tacho.time_api:" + any(NUMBERS) + "|ms");
        send("tacho.time_api:1|ms|@1e-300");
        send("tacho.num_clients:" + any(NUMBERS.subList(0, 4)) + "|g");
    }

    void poisonPush() throws Exception {
        put("{\"" + any(COUNTERS) + "\":" + any(NUMBERS) + "}", 400);
        put("{\"num_client_requests\":1,\"num_clients\":" + any(NUMBERS) + "}", 400);
    }

    synchronized void breakGauge() {
        gauge = Gauge.values()[1 + random.nextInt(Gauge.values().length - 1)];
        notifyAll();
    }

    private synchronized long clients() {
        try {
            while (gauge == Gauge.BLOCKING) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return switch (gauge) {
            case NEGATIVE -> -1;
            case BEYOND_THE_LIMIT -> Long.MAX_VALUE;
            case THROWING -> throw new IllegalStateException("no number of clients");
            case CORRECT, BLOCKING -> CLIENTS;
        };
    }

    /** Makes all values correct again. */
    void repair() throws Exception {
        synchronized (this) {
            gauge = Gauge.CORRECT;
            notifyAll();
        }
        reportClients();
    }

    @Override
    public void close() {
        agents.values().forEach(NodeAgent::close);
        socket.close();
    }
}
