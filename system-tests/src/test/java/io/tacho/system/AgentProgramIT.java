// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.model.NodeSnapshot;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.TachoProgram;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentProgramIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisSettings settings = REDIS.settings();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(settings);

    @Test
    void sigusr1_drainsTheNode() throws Exception {
        try (ChildProcess program =
                TachoProgram.start("agent", "--redis=" + settings.uri(), "--namespace=" + settings.namespace())) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !follower.envelopes().isEmpty());

            program.signal("USR1");

            await().until(follower::draining);
            assertThat(follower.nodes()).hasSize(1);
        }
    }

    @Test
    void sigterm_sendsALeaveMessage() throws Exception {
        try (ChildProcess program = TachoProgram.start(
                "agent", "--redis=" + settings.uri(), "--namespace=" + settings.namespace(), "--name=child_1")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !follower.nodes().isEmpty());
            assertThat(follower.nodes()).extracting(NodeSnapshot::name).containsExactly("child_1");

            program.terminate();

            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> follower.nodes().isEmpty() && follower.left());
            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            assertThat(program.log()).contains("publishes to Redis", "has left");
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void help_hasDefaults() throws Exception {
        try (ChildProcess program = TachoProgram.start("agent", "--help")) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.out().replaceAll("\\s+", " "))
                    .contains(
                            "(default: redis://127.0.0.1:6379)",
                            "(default: tacho)",
                            "(default: 60s)",
                            "(default: 5s, or the metrics interval if that is shorter)",
                            "(default: three beats)",
                            "(default: host name and process id; of other sources, host and port)",
                            "TACHO_METRICS_INTERVAL");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ttl=5          | '5' (expected: a duration, e.g. 500ms",
                "--ttl=1s         | ttl: 1s (expected: at least two publish intervals, 10s",
                "--name=          | name: empty (expected: 1 to 255 characters)",
                "--address=web   | address: 'web' (expected: host:port, or a URL without user, query and fragment)",
                "--redis=nonsense | redis: not a Redis URI (expected: redis://",
            })
    void option_invalidValue_isRejected(String argument, String message) throws Exception {
        try (ChildProcess program = TachoProgram.start("agent", argument)) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.log()).startsWith("tacho agent: ").contains(message);
            assertThat(program.out()).isEmpty();
        }
    }
}
