// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.record.StatsRecorder;
import io.tacho.model.Field;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.TachoProgram;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoProgramIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration START = Duration.ofSeconds(20);
    private static final Pattern LISTENING =
            Pattern.compile("listening (ws://127\\.0\\.0\\.1:(\\d+)/connection/websocket)\n");

    private final RedisSettings settings = REDIS.settings();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(settings);

    @Test
    void nodeAndClients_arePublished_andTerminateGracefully() throws Exception {
        try (ChildProcess node = TachoProgram.start(
                "demo",
                "node",
                "--redis=" + settings.uri(),
                "--namespace=" + settings.namespace(),
                "--metrics-interval=1s")) {
            await().atMost(START).until(() -> LISTENING.matcher(node.out()).matches());
            Matcher line = LISTENING.matcher(node.out());
            assertThat(line.matches()).isTrue();
            try (ChildProcess clients =
                    TachoProgram.start("demo", "clients", "--url=" + line.group(1), "--clients=6", "--rate=50")) {
                await().atMost(START).until(() -> follower.beats().stream().anyMatch(DemoProgramIT::isBusy));
                assertThat(follower.beats().get(0).snapshot().name()).endsWith("_" + line.group(2));
                clients.terminate();
                assertThat(clients.awaitExit()).isEqualTo(128 + 15);
            }
            node.terminate();
            assertThat(node.awaitExit()).isEqualTo(128 + 15);
            await().until(follower::left);
            SnapshotEnvelope last = follower.beats().get(follower.beats().size() - 1);
            assertThat(last.snapshot().number(Field.NUM_CLIENTS))
                    .as("the hub was closed before the agent")
                    .isZero();
            assertThat(node.out()).as("one line").isEqualTo(line.group());
        }
    }

    private static boolean isBusy(SnapshotEnvelope beat) {
        return beat.snapshot().number(Field.NUM_CLIENTS) == 6
                && beat.snapshot().number(Field.NUM_UNIQUE_CLIENTS) == 4
                && beat.snapshot().number(Field.NUM_MSG_PUBLISHED) > 0;
    }

    @Test
    void demo_terminatedDuringStartup_logsNoFailure() throws Exception {
        try (ChildProcess demo = TachoProgram.start("demo", "--nodes=1", "--clients=1", "--port=0", "--redis-port=0")) {
            await().atMost(START).until(() -> demo.out().contains("Waiting for the first metrics window"));

            demo.terminate();

            assertThat(demo.awaitExit()).isEqualTo(128 + 15);
            assertThat(demo.log()).doesNotContain("tacho demo:");
        }
    }

    @Test
    void node_portInUse_fails() throws Exception {
        try (DemoHub hub = new DemoHub(StatsRecorder.none(), "127.0.0.1", 0)) {
            hub.start();
            String address = "127.0.0.1:" + hub.port();
            try (ChildProcess node = TachoProgram.start("demo", "node", "--listen=" + address)) {
                assertThat(node.awaitExit()).isEqualTo(1);
                assertThat(node.log())
                        .isEqualTo("tacho demo node: listen: " + address
                                + ": Address already in use (expected: a free port, or 0 for any)\n");
                assertThat(node.out()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node    | --listen=8000         | listen: '8000' (expected: host:port",
                "node    | --listen=[::1]:65536  | listen: '[::1]:65536' (expected: host:port",
                "node    | --publish-interval=1h | publish-interval: 1h (expected: 100ms to the metrics interval, 1m)",
                "clients | --rate=5              | Missing required option: '--url=URL'",
                "clients | --url=http://x:1      | url: http://x:1 (expected: ws://host:port/connection/websocket)",
            })
    void value_invalid_isRejected(String subcommand, String argument, String message) throws Exception {
        try (ChildProcess program = TachoProgram.start("demo", subcommand, argument)) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.log())
                    .startsWith("tacho demo " + subcommand + ": ")
                    .contains(message);
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void subcommand_unknown_isRejected() throws Exception {
        try (ChildProcess program = TachoProgram.start("demo", "nodes")) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.log()).contains("tacho demo: 'nodes' (expected: one of clients, node)");
            assertThat(program.out()).isEmpty();
        }
    }
}
