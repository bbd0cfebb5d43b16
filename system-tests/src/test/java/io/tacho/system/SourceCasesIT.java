// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.tacho.process.ChildProcess;
import io.tacho.testing.FreePorts;
import io.tacho.testing.TachoProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Inputs from public bug reports that a source of the agent has to read, each named by its case. {@code -Dgroups=cases} runs them. */
@Tag("cases")
class SourceCasesIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final AtomicInteger sent = new AtomicInteger(5_000);
    private HttpServer centrifugo;
    private volatile UnaryOperator<String> format = text -> text;
    private volatile Map<String, String> headers = Map.of();

    @BeforeEach
    void serve() throws IOException {
        String metrics = Case.input("metrics.prom");
        centrifugo = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        centrifugo.createContext("/metrics", exchange -> {
            byte[] body = format.apply(metrics.replace("SENT", sent.toString())).getBytes(UTF_8);
            headers.forEach(exchange.getResponseHeaders()::set);
            if (headers.containsKey("Content-Encoding")) {
                ByteArrayOutputStream zipped = new ByteArrayOutputStream();
                try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                    zip.write(body);
                }
                body = zipped.toByteArray();
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        centrifugo.start();
    }

    @AfterEach
    void stop() {
        centrifugo.stop(0);
    }

    private int port() {
        return centrifugo.getAddress().getPort();
    }

    private static ChildProcess agent(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("agent", "--dry-run", "--metrics-interval", "1s", "--publish-interval", "200ms"));
        arguments.addAll(List.of(options));
        return TachoProgram.start(arguments.toArray(String[]::new));
    }

    private ChildProcess scraper() throws IOException {
        return agent("--source", "centrifugo", "--url", "http://127.0.0.1:" + port() + "/metrics");
    }

    private static JsonNode firstBeat(ChildProcess agent) {
        await().atMost(TIMEOUT).until(() -> !Case.beats(agent).isEmpty());
        try {
            return Case.beats(agent).get(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The node is published, and a count that grows by 50 in this form is counted exactly. */
    private void assertRead(UnaryOperator<String> form, Map<String, String> responseHeaders, long count)
            throws Exception {
        format = form;
        headers = responseHeaders;
        try (ChildProcess agent = scraper()) {
            JsonNode beat = firstBeat(agent);
            assertThat(beat.path("version").asText()).isEqualTo("6.9.1");
            assertThat(beat.at("/node/num_clients").asLong()).isEqualTo(10);

            sent.addAndGet(50);

            await().atMost(TIMEOUT).until(() -> Case.sum(agent, "num_msg_sent") == count);
            assertThat(agent.log()).doesNotContain("malformed", "ERROR");
        }
    }

    @Test
    void a02_quotedUtf8Names() throws Exception {
        assertRead(
                text -> "{\"http.server.duration\",\"http.route\"=\"/x\"} 5\n{\"centrifugo.node.extra\"} 1\n" + text
                        + "centrifugo_transport_messages_sent{\"client.region\"=\"eu\",transport=\"websocket\"} "
                        + (sent.get() / 50) + "\n",
                Map.of(),
                51);
    }

    @Test
    void a04_floatTimestampsOfOpenMetrics() throws Exception {
        assertRead(
                text -> text.replaceAll("(?m)^([a-z][^\n]*)$", "$1 1795825365.123") + "# EOF\n",
                Map.of("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
                50);
    }

    @Test
    void a04_timestampsWithExponents() throws Exception {
        assertRead(
                text -> text.replaceAll("(?m)^([a-z][^\n]*)$", "$1 1.795825365e+09") + "# EOF\n",
                Map.of("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
                50);
    }

    @Test
    void a05_byteOrderMarkBeforeASample() throws Exception {
        assertRead(text -> "\uFEFF" + text.replaceAll("(?m)^#.*\n", ""), Map.of(), 50);
    }

    @Test
    void a15_contentEncodingInCapitals() throws Exception {
        assertRead(text -> text, Map.of("Content-Encoding", "GZIP"), 50);
    }

    private static void send(int udpPort, String... lines) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            for (String line : lines) {
                byte[] packet = line.getBytes(UTF_8);
                client.send(new DatagramPacket(packet, packet.length, new InetSocketAddress("127.0.0.1", udpPort)));
            }
        }
    }

    /** Starts an agent that receives StatsD at the port, and waits for its first beat, which requires a metric. */
    private static ChildProcess statsd(int udpPort) throws IOException {
        ChildProcess agent = agent("--source", "statsd", "--listen", "127.0.0.1:" + udpPort);
        await().atMost(TIMEOUT).until(() -> {
            send(udpPort, "tacho.num_clients:1|g");
            return !Case.beats(agent).isEmpty();
        });
        return agent;
    }

    @Test
    void b05_blankAndNulAtTheEndOfALine() throws Exception {
        int udpPort = FreePorts.any();
        try (ChildProcess agent = statsd(udpPort)) {
            send(udpPort, "tacho.num_msg_sent:100|c ", "tacho.num_msg_sent:100|c\0");

            await().atMost(TIMEOUT).until(() -> Case.sum(agent, "num_msg_sent") == 200);
            assertThat(agent.log()).doesNotContain("rejected");
        }
    }

    @Test
    void b06_numbersBeyondTheLimit() throws Exception {
        int udpPort = FreePorts.any();
        try (ChildProcess agent = statsd(udpPort)) {
            send(udpPort, Case.input("statsd.txt").split("\n"));
            await().atMost(TIMEOUT).until(() -> agent.log().contains("StatsD lines rejected"));
            int beats = Case.beats(agent).size();
            long requests = Case.sum(agent, "num_api_requests");

            send(udpPort, "tacho.num_msg_sent:2|c\ntacho.num_msg_published:3|c\ntacho.num_api_requests:5|c");

            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(Case.sum(agent, "num_msg_sent")).isEqualTo(2);
                assertThat(Case.sum(agent, "num_msg_published")).isEqualTo(3);
                assertThat(Case.sum(agent, "num_api_requests") - requests).isEqualTo(5);
            });
            assertThat(Case.beats(agent)).hasSizeGreaterThan(beats);
            assertThat(agent.log()).doesNotContain("beat failed");
        }
    }

    @Test
    void b10_socketThatOtherUsersMayWriteTo() throws Exception {
        Path socket = directory.resolve("statsd.sock");
        try (ChildProcess agent = agent("--source", "statsd", "--socket", socket.toString(), "--socket-mode", "0666")) {
            await().atMost(TIMEOUT).until(() -> Files.exists(socket));

            await().untilAsserted(() -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw-rw-"));
            assertThat(agent.isAlive()).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void g01_nameOfTheMachineThatDoesNotResolve() throws Exception {
        String kernel = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Path noHosts = Files.createFile(directory.resolve("hosts"));
        List<String> command = TachoProgram.command(
                "agent", "--dry-run", "--source", "centrifugo", "--url", "http://127.0.0.1:" + port() + "/metrics");
        command.add(1, "-Djdk.net.hosts.file=" + noHosts);

        try (ChildProcess agent = ChildProcess.start("agent", command, directory)) {
            assertThat(firstBeat(agent).at("/node/name").asText()).isEqualTo(kernel + "_" + port());
        }
    }
}
