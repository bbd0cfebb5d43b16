// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoHubIT {

    private static final EventLoopGroup THREADS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final DemoHub hub = new DemoHub(recorder, "127.0.0.1", 0);

    @BeforeEach
    void start() throws IOException {
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @AfterAll
    static void stopThreads() {
        THREADS.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Caller unconnectedCaller() throws Exception {
        return new Caller(THREADS, hub.url());
    }

    private Caller caller(String user) throws Exception {
        return unconnectedCaller().connect(user);
    }

    @Test
    void publish_reachesAllSubscribersOnly() throws Exception {
        try (Caller ann = caller("ann");
                Caller bob = caller("bob");
                Caller eve = caller("eve")) {
            ann.subscribe("news");
            bob.subscribe("news");
            eve.subscribe("other");
            String push = "{\"push\":{\"channel\":\"news\",\"data\":{\"a\":[1.10,null,\"ü\"]}}}";

            assertThat(eve.call("{\"id\":4,\"publish\":{\"channel\":\"news\",\"data\":{\"a\":[1.10,null,\"ü\"]}}}"))
                    .isEqualTo("{\"id\":4,\"publish\":{}}");

            assertThat(ann.next()).isEqualTo(push);
            assertThat(bob.next()).isEqualTo(push);
            assertThat(eve.waiting()).isEmpty();
        }
    }

    @Test
    void unsubscribe_endsThePushes() throws Exception {
        try (Caller ann = caller("ann")) {
            ann.subscribe("news");
            assertThat(ann.call("{\"id\":3,\"unsubscribe\":{\"channel\":\"news\"}}"))
                    .isEqualTo("{\"id\":3,\"unsubscribe\":{}}");
            assertThat(hub.channels().size()).isZero();
            assertThat(ann.call("{\"id\":4,\"publish\":{\"channel\":\"news\",\"data\":1}}"))
                    .isEqualTo("{\"id\":4,\"publish\":{}}");
        }
    }

    @Test
    void presence_isDistinctAndSorted() throws Exception {
        try (Caller bob = caller("bob");
                Caller ann = caller("ann");
                Caller annAgain = caller("ann")) {
            bob.subscribe("news");
            ann.subscribe("news");
            annAgain.subscribe("news");

            assertThat(bob.call("{\"id\":5,\"presence\":{\"channel\":\"news\"}}"))
                    .isEqualTo("{\"id\":5,\"presence\":{\"users\":[\"ann\",\"bob\"]}}");
            assertThat(bob.call("{\"id\":6,\"presence\":{\"channel\":\"empty\"}}"))
                    .isEqualTo("{\"id\":6,\"presence\":{\"users\":[]}}");
        }
    }

    @Test
    void gauges_followConnectionsUsersAndSubscriptions() throws Exception {
        try (Caller unconnectedCaller = unconnectedCaller();
                Caller ann = caller("ann");
                Caller annAgain = caller("ann")) {
            ann.subscribe("news");
            annAgain.subscribe("news");
            annAgain.subscribe("sport");
            assertThat(new long[] {
                        recorder.users().total(),
                        recorder.users().distinct(),
                        hub.channels().size()
                    })
                    .containsExactly(2, 1, 2);

            annAgain.close();
            await().until(() -> recorder.users().total() == 1
                    && recorder.users().distinct() == 1
                    && hub.channels().size() == 1);
            ann.close();
            await().until(() -> recorder.users().total() == 0
                    && recorder.users().distinct() == 0
                    && hub.channels().size() == 0);
            assertThat(unconnectedCaller.client().closed()).isNotDone();
        }
    }

    @Test
    void batch_hasAResponseForEachCommand() throws Exception {
        try (Caller ann = caller("ann")) {
            assertThat(ann.call("[{\"id\":7,\"subscribe\":{\"channel\":\"c\"}},{\"dance\":{}},"
                            + "{\"id\":8,\"publish\":{\"channel\":\"c\",\"data\":0}}]"))
                    .isEqualTo("{\"id\":7,\"subscribe\":{}}");
            assertThat(ann.next()).contains("\"error\"", "id: missing (expected: a whole number, at least 1)");
            assertThat(ann.next()).isEqualTo("{\"push\":{\"channel\":\"c\",\"data\":0}}");
            assertThat(ann.next()).isEqualTo("{\"id\":8,\"publish\":{}}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense                                      | message: not JSON",
                "{\"id\":1                                     | message: not JSON",
                "{} {}                                         | message: not JSON",
                "[]                                            | message: an empty array (expected: at least one object)",
                "[[]]                                          | message: [] (expected: an object",
                "7                                             | message: 7 (expected: an object",
                "{\"id\":0,\"publish\":{}}                     | id: 0 (expected: a whole number, at least 1)",
                "{\"id\":1.5,\"publish\":{}}                   | id: 1.5 (expected",
                "{\"id\":9}                                    | command: missing (expected: exactly one of connect, ",
                "{\"id\":9,\"dance\":{}}                       | command: dance (expected: one of connect, subscribe",
                "{\"id\":9,\"connect\":{},\"publish\":{}}      | command: connect, publish (expected: exactly one",
                "{\"id\":9,\"publish\":[]}                     | publish: [] (expected: an object)",
                "{\"id\":9,\"publish\":{\"data\":1}}           | publish.channel: missing (expected: a string of 1 to 255",
                "{\"id\":9,\"publish\":{\"channel\":\"c\"}}    | publish.data: missing (expected: any JSON)",
                "{\"id\":9,\"subscribe\":{\"channel\":7}}      | subscribe.channel: 7 (expected: a string",
                "{\"id\":9,\"connect\":{\"user\":\"eve\"}}     | connect: a second one (expected: one per connection)",
            })
    void invalidInput_isRejectedAndTheConnectionStaysOpen(String frame, String message) throws Exception {
        try (Caller ann = caller("ann")) {
            assertThat(ann.call(frame).replace("\\\"", "'")).contains("\"error\":{\"code\":1", message);
            ann.subscribe("news");
        }
    }

    @Test
    void command_beforeConnect_isRejected() throws Exception {
        try (Caller unconnectedCaller = unconnectedCaller()) {
            assertThat(unconnectedCaller.call("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}"))
                    .isEqualTo("{\"id\":2,\"error\":{\"code\":101,"
                            + "\"message\":\"command: subscribe (expected: connect first)\"}}");
        }
    }

    @Test
    void channels_beyondTheLimits_areRejected() throws Exception {
        try (Caller ann = caller("ann")) {
            for (int c = 0; c < HubSession.MAX_CHANNELS; c++) {
                ann.subscribe("c" + c);
            }
            assertThat(ann.call("{\"id\":2,\"subscribe\":{\"channel\":\"more\"}}"))
                    .contains("\"code\":106", "at most 128 channels per client");
            assertThat(ann.call("{\"id\":2,\"subscribe\":{\"channel\":\"c7\"}}"))
                    .contains("\"code\":105", "already subscribed");
            assertThat(ann.call("{\"id\":2,\"presence\":{\"channel\":\"" + "c".repeat(256) + "\"}}"))
                    .contains("\"code\":107", "(expected: a string of 1 to 255 characters)")
                    .hasSizeLessThan(250);
        }
    }

    @Test
    void frame_tooLarge_closesTheConnection() throws Exception {
        try (Caller ann = caller("ann")) {
            ann.client().send("\"" + "x".repeat(HubProtocol.MAX_MESSAGE_BYTES) + "\"");
            ann.awaitClosed();
        }
        await().until(() -> recorder.users().total() == 0);
    }

    @Test
    void client_tooSlow_isDisconnected() throws Exception {
        Socket slow = neverReading(
                "[{\"id\":1,\"connect\":{\"user\":\"slow\"}},{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}]");
        try (slow;
                Caller ann = caller("ann")) {
            await().until(() -> hub.channels().size() == 1);
            String frame = "{\"id\":4,\"publish\":{\"channel\":\"news\",\"data\":\"" + "x".repeat(60_000) + "\"}}";

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        assertThat(ann.call(frame)).isEqualTo("{\"id\":4,\"publish\":{}}");
                        return hub.channels().size() == 0;
                    });
            assertThat(recorder.users().total()).isEqualTo(1);
            assertThat(ann.client().framesSent())
                    .as("size of the socket buffers plus 1 MiB of the hub's buffer")
                    .isLessThan(500);
        }
        hub.close();
        RecordedInterval all = recorder.takeInterval();
        assertThat(all.numMsgSent())
                .as("messages queued for the disconnected client")
                .isLessThan(all.numMsgQueued());
    }

    /** A WebSocket client that sends one frame and then does not read, with the smallest receive buffer. */
    private Socket neverReading(String frame) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", hub.port()));
        String handshake =
                "GET /connection/websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(handshake.getBytes(UTF_8));
        StringBuilder response = new StringBuilder();
        while (response.indexOf("\r\n\r\n") < 0) {
            response.append((char) socket.getInputStream().read());
        }
        assertThat(response).startsWith("HTTP/1.1 101");
        // text, masked with zeros
        socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) (0x80 | frame.length()), 0, 0, 0, 0});
        socket.getOutputStream().write(frame.getBytes(UTF_8));
        return socket;
    }

    @Test
    void recordedCounts_areExact() throws Exception {
        try (Caller ann = caller("ann");
                Caller bob = caller("bob")) {
            ann.subscribe("c");
            bob.subscribe("c");
            ann.call(
                    "[{\"id\":4,\"publish\":{\"channel\":\"c\",\"data\":1}},{\"id\":5,\"publish\":{\"channel\":\"d\",\"data\":1}}]");
            await().until(() ->
                    ann.client().framesReceived() == 5 && bob.client().framesReceived() == 3);
            ann.call("☃");
            await().until(() -> ann.client().framesReceived() == 6);
            hub.close();

            RecordedInterval all = recorder.takeInterval();
            assertThat(all.numMsgPublished()).isEqualTo(2);
            assertThat(all.client().count()).as("frames, not commands").isEqualTo(6);
            assertThat(all.numMsgQueued()).isEqualTo(9);
            assertThat(all.numMsgSent()).isEqualTo(9);
            assertThat(all.api().count()).isZero();
            assertThat(all.bytesClientIn())
                    .isEqualTo(ann.client().bytesSent() + bob.client().bytesSent());
            assertThat(all.bytesClientOut())
                    .isEqualTo(ann.client().bytesReceived() + bob.client().bytesReceived());
        }
    }

    @Test
    void start_portInUse_fails() {
        try (DemoHub second = new DemoHub(recorder, "127.0.0.1", hub.port())) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessage("listen: 127.0.0.1:" + hub.port()
                            + ": Address already in use (expected: a free port, or 0 for any)");
        }
    }

    @Test
    void close_disconnectsAllClients_andIsIdempotent() throws Exception {
        try (Caller ann = caller("ann")) {
            URI url = hub.url();
            hub.close();
            hub.close();

            ann.awaitClosed();
            assertThat(recorder.users().total()).isZero();
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() ->
                                DemoClient.connect(THREADS, url, frame -> {}).get(5, TimeUnit.SECONDS))
                        .as("the cause, whichever of rejection and close is reported first")
                        .hasMessageContaining("Connection refused");
            }
        }
    }
}
