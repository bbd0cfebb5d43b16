// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Executes the push examples of the README. */
class PushExamplesIT {

    private static final Pattern EXAMPLE = Pattern.compile(
            "<!-- tested by PushExamplesIT, as it stands here -->\\s+```bash\\R(.*?)```", Pattern.DOTALL);

    @Test
    void readmeExamples_work() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(example.find()).isTrue();
        AtomicInteger drained = new AtomicInteger();
        PushSettings settings = new PushSettings(
                new InetSocketAddress("127.0.0.1", 0), null, List.of(), Duration.ofMinutes(2), Duration.ofMinutes(5));
        try (PushSource source = new PushSource(settings, "uid-1", null, OtherProcess.none(), false)) {
            source.start(drained::incrementAndGet);

            assertThat(run(example.group(1), source.address().getPort()))
                    .contains("{\"node\":{\"uid\":\"my-node-1\",\"name\":\"my_node\"");

            source.endWindow();
            NodeState state = source.read(RecordedInterval.EMPTY);
            assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(42);
            assertThat(state.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(100);
            assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(100);
            assertThat(state.snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(80_000);
            assertThat(state.version()).isEqualTo("1.2.3");
            assertThat(state.labels()).containsEntry("zone", "b");
            assertThat(drained).hasValue(1);
        }
    }

    private static String run(String script, int port) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("bash", "-ec", script).redirectErrorStream(true);
        bash.environment().put("TACHO_PUSH", "http://127.0.0.1:" + port);
        Process process = bash.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
