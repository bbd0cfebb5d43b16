// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.NodeAgent;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code tacho standalone} and {@code tacho health} as programs. */
class StandaloneIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int health(String... arguments) throws IOException, InterruptedException {
        try (ChildProcess health = TachoProgram.start(arguments)) {
            return health.awaitExit();
        }
    }

    @Test
    void standalone_servesNodes_andRestoresItsDataAfterARestart() throws Exception {
        int port = FreePorts.any();
        RedisSettings redis = RedisSettings.of("redis://127.0.0.1:" + port)
                .withCredentials(new RedisCredentials(null, "se \"cret", null, null));
        String[] command = {
            "standalone", "--listen", "127.0.0.1:0", "--redis-listen", "0.0.0.0:" + port, "--data", data.toString()
        };
        Map<String, String> environment = Map.of("TACHO_REDIS_PASSWORD", "se \"cret");

        try (ChildProcess standalone = TachoProgram.start(environment, command);
                NodeAgent agent =
                        NodeAgent.builder().redis(redis).name("chat-1").start()) {
            String url = standalone.awaitAddress(TIMEOUT);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(get(url + "/stats")).contains(agent.uid()));
            assertThat(health("health", "--url", url)).isZero();
            assertThat(health("health", "--ready", "--url", url)).isZero();
            agent.close();
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(get(url + "/membership")).contains("\"left\""));
            standalone.terminate();
            assertThat(standalone.awaitEnd(TIMEOUT)).isTrue();
            assertThat(health("health", "--url", url)).isEqualTo(1);
        }
        assertThat(data.resolve("dump.rdb")).isNotEmptyFile();

        try (ChildProcess again = TachoProgram.start(environment, command)) {
            String url = again.awaitAddress(TIMEOUT);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(get(url + "/membership")).contains("chat-1"));
        }
    }

    private static ProcessHandle redisOf(ChildProcess standalone) {
        List<ProcessHandle> redis = ProcessHandle.of(standalone.pid())
                .orElseThrow()
                .descendants()
                // the shell is the watchdog
                .filter(child -> !child.info().command().orElse("").endsWith("sh"))
                .toList();
        assertThat(redis).hasSize(1);
        return redis.get(0);
    }

    private static String processGroup(long pid) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "pgid=", "-p", Long.toString(pid)).start();
        return new String(ps.getInputStream().readAllBytes(), US_ASCII).strip();
    }

    /** The Ctrl-C of a terminal is for the program, which ends Redis last. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void standalone_redisIsNotInTheProcessGroupOfTheProgram() throws Exception {
        try (ChildProcess standalone = TachoProgram.start(
                "standalone", "--listen", "127.0.0.1:0", "--redis-listen", "127.0.0.1:" + FreePorts.any())) {
            standalone.awaitAddress(TIMEOUT);

            assertThat(processGroup(redisOf(standalone).pid()))
                    .isNotEmpty()
                    .isNotEqualTo(processGroup(standalone.pid()));
        }
    }

    @Test
    void standalone_redisEnds_endsToo() throws Exception {
        int port = FreePorts.any();
        try (ChildProcess standalone =
                TachoProgram.start("standalone", "--listen", "127.0.0.1:0", "--redis-listen", "127.0.0.1:" + port)) {
            standalone.awaitAddress(TIMEOUT);
            redisOf(standalone).destroyForcibly();

            assertThat(standalone.awaitExit()).isEqualTo(1);
            assertThat(standalone.log()).contains("Redis ended with status 137; the program ends too");
        }
    }

    @Test
    void standalone_nonLoopbackRedisWithoutPassword_isRejected() throws Exception {
        try (ChildProcess standalone = TachoProgram.start("standalone", "--redis-listen", "0.0.0.0:6379")) {
            assertThat(standalone.awaitExit()).isEqualTo(2);
            assertThat(standalone.log())
                    .contains("redis-listen: 0.0.0.0:6379 without a password (expected: TACHO_REDIS_PASSWORD");
        }
    }

    @Test
    void standalone_redisServerEndsAtStartup_fails() throws Exception {
        try (ChildProcess standalone = TachoProgram.start(
                "standalone", "--redis-listen", "127.0.0.1:" + FreePorts.any(), "--redis-server", "/bin/true")) {
            assertThat(standalone.awaitExit()).isEqualTo(1);
            assertThat(standalone.log())
                    .contains("tacho standalone: redis-server: /bin/true ended with status 0 at the start"
                            + " (expected: a Redis or Valkey server");
        }
    }

    @Test
    void standalone_portInUse_fails() throws Exception {
        int port = FreePorts.any();
        String[] command = {"standalone", "--listen", "127.0.0.1:0", "--redis-listen", "127.0.0.1:" + port};
        try (ChildProcess first = TachoProgram.start(command)) {
            first.awaitAddress(TIMEOUT);
            try (ChildProcess second = TachoProgram.start(command)) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.log()).contains("127.0.0.1:" + port + " is in use (expected: a free port)");
            }
        }
    }
}
