// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.agent.NodeAgentMain;
import io.tacho.cli.aggregator.AggregatorMain;
import io.tacho.cli.aggregator.StandaloneMain;
import io.tacho.cli.program.Program;
import io.tacho.cli.terminal.StatsMain;
import io.tacho.cli.terminal.TopMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** All invalid settings are reported at once, not one per start. */
class InvalidSettingsTest {

    @TempDir
    private Path directory;

    private static List<String> errors(Object command, Map<String, String> environment, String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Program.commandLine(command, environment).setErr(new PrintWriter(err, true));
        assertThat(line.execute(arguments)).isEqualTo(Program.USAGE);
        return err.toString().lines().filter(text -> !text.startsWith("Try ")).toList();
    }

    private String file(String... lines) throws IOException {
        return Files.write(directory.resolve("tacho.conf"), List.of(lines)).toString();
    }

    @Test
    void aggregator_twoValuesOutOfRange_bothReportedWithTheirLines() throws IOException {
        String file = file("sweep-interval = 10ms", "# comment", "max-nodes = 0");

        assertThat(errors(new AggregatorMain(), Map.of(), "--config", file))
                .containsExactly(
                        "tacho aggregator: " + file + ":3: max-nodes: 0 (expected: at least 1)",
                        file + ":1: sweep-interval: 10ms (expected: at least 1s)");
    }

    @Test
    void aggregator_errorsOfAllParts_reported() throws IOException {
        String file =
                file("listen = nowhere", "max-connections = 0", "partitions = 0", "namespace = a b", "max-nodes = 0");

        assertThat(errors(new AggregatorMain(), Map.of("TACHO_ALERTS", "absent.txt"), "--config", file))
                .hasSize(6)
                .anySatisfy(line -> assertThat(line).contains("TACHO_ALERTS: cannot read absent.txt"))
                .anySatisfy(line -> assertThat(line).contains(":1: listen: 'nowhere' (expected: host:port"))
                .anySatisfy(line -> assertThat(line).contains(":2: max-connections: 0 (expected: at least 1)"))
                .anySatisfy(line -> assertThat(line).contains(":3: partitions: 0 (expected: 1 to 1024)"))
                .anySatisfy(line -> assertThat(line).contains(":4: namespace: \"a b\" (expected: 1 to 64 letters"))
                .anySatisfy(line -> assertThat(line).contains(":5: max-nodes: 0 (expected: at least 1)"));
    }

    @Test
    void agent_twoValuesOutOfRange_bothReportedWithTheirOrigins() throws IOException {
        String file = file("metrics-interval = 1500ms", "ttl = 48h", "partitions = 2000");

        assertThat(errors(new NodeAgentMain(), Map.of("TACHO_PUBLISH_INTERVAL", "1ms"), "--config", file))
                .containsExactly(
                        "tacho agent: " + file + ":1: metrics-interval: 1500ms (expected: whole seconds, 1s to 24h)",
                        "TACHO_PUBLISH_INTERVAL: 1ms (expected: 100ms to the metrics interval)",
                        file + ":2: ttl: 48h (expected: at least two publish intervals, at most 24h)",
                        file + ":3: partitions: 2000 (expected: 1 to 1024)");
    }

    @Test
    void agent_validIntervals_besideAnInvalidOne_areNotReported() {
        assertThat(errors(
                        new NodeAgentMain(),
                        Map.of(),
                        "--source=centrifugo",
                        "--url=http://127.0.0.1:8000/metrics",
                        "--publish-interval=20s",
                        "--source-timeout=10s",
                        "--ttl=10s"))
                .containsExactly("tacho agent: ttl: 10s (expected: at least two publish intervals, 40s, at most 24h)");
    }

    @Test
    void push_errorsOfAllParts_reported() throws IOException {
        Path key = Files.writeString(directory.resolve("key"), " ");

        assertThat(errors(
                        new NodeAgentMain(),
                        Map.of(),
                        "--source=push",
                        "--listen=nowhere",
                        "--allowed-host=a/b",
                        "--push-key-file=" + key,
                        "--ttl=48h"))
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).contains("ttl: 48h (expected: "))
                .anySatisfy(line -> assertThat(line).contains("listen: 'nowhere' (expected: host:port"))
                .anySatisfy(line -> assertThat(line).contains("allowed-host: 'a/b"))
                .anySatisfy(line -> assertThat(line).contains("push-key"));
    }

    @Test
    void statsd_errorsOfAllParts_reported() {
        assertThat(errors(
                        new NodeAgentMain(),
                        Map.of(),
                        "--source=statsd",
                        "--listen=nowhere",
                        "--socket=s",
                        "--socket-mode=9",
                        "--mapping=absent.txt"))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("listen: 'nowhere' (expected: host:port"))
                .anySatisfy(line -> assertThat(line).contains("socket-mode: '9' (expected: octal permissions"))
                .anySatisfy(line -> assertThat(line).contains("mapping: cannot read absent.txt, no such file"));
    }

    @Test
    void scrapedSource_errorsOfAllParts_reported() {
        assertThat(errors(
                        new NodeAgentMain(),
                        Map.of("TACHO_SOURCE_TOKEN", "t"),
                        "--source=centrifugo",
                        "--url=ftp://127.0.0.1",
                        "--source-user=a",
                        "--source-ca=absent.pem",
                        "--source-timeout=1m"))
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("url: 'ftp://127.0.0.1' (expected: http[s]://"))
                .anySatisfy(line -> assertThat(line).contains("source-user: set together with a token"))
                .anySatisfy(line -> assertThat(line).contains("source-user: set without its password"))
                .anySatisfy(line -> assertThat(line).contains("source-ca: ").contains("absent.pem"))
                .anySatisfy(line -> assertThat(line).contains("source-timeout: 1m (expected: at most"));
    }

    @Test
    void options_twoInvalidValues_bothReported() {
        assertThat(errors(new AggregatorMain(), Map.of(), "--sweep-interval=soon", "--max-nodes", "many"))
                .containsExactly(
                        "tacho aggregator: --sweep-interval: 'soon' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)",
                        "--max-nodes: 'many' (expected: a whole number)");
    }

    @Test
    void options_twoUnknownNames_bothReported() {
        assertThat(errors(new AggregatorMain(), Map.of(), "--sweep-intervall=5s", "--max-node=3", "--redis-timeout=x"))
                .hasSize(3)
                .anySatisfy(line ->
                        assertThat(line).contains("--sweep-intervall: no such option (expected: --sweep-interval)"))
                .anySatisfy(line -> assertThat(line).contains("--max-node: no such option (expected: --max-nodes)"))
                .anySatisfy(line -> assertThat(line).contains("--redis-timeout: 'x'"));
    }

    @Test
    void unparsableAndOutOfRangeValue_bothReported() {
        assertThat(errors(
                        new AggregatorMain(), Map.of("TACHO_PARTITIONS", "0"), "--max-nodes=many", "--cors-origin=a/"))
                .containsExactlyInAnyOrder(
                        "tacho aggregator: --max-nodes: 'many' (expected: a whole number)",
                        "TACHO_PARTITIONS: 0 (expected: 1 to 1024)",
                        "cors-origin: 'a/' (expected: an origin as browsers send it, in lower case, without a path and a"
                                + " default port: https://dash.example; or *)");
    }

    @Test
    void previousPartitions_outOfRangeOrForAgents_areRejected() {
        assertThat(errors(new AggregatorMain(), Map.of("TACHO_PREVIOUS_PARTITIONS", "0")))
                .containsExactly("tacho aggregator: TACHO_PREVIOUS_PARTITIONS: 0 (expected: 1 to 1024)");
        assertThat(errors(new AggregatorMain(), Map.of(), "--partitions=8", "--previous-partitions=1025"))
                .containsExactly("tacho aggregator: previous-partitions: 1025 (expected: 1 to 1024)");
        assertThat(errors(new NodeAgentMain(), Map.of(), "--previous-partitions=8"))
                .singleElement()
                .asString()
                .contains("--previous-partitions: no such option");
    }

    @Test
    void unparsableInterval_defaultIsNotValidatedInstead() {
        assertThat(errors(
                        new NodeAgentMain(),
                        Map.of(),
                        "--metrics-interval=long",
                        "--publish-interval=90s",
                        "--redis-timeout=1ns"))
                .containsExactlyInAnyOrder(
                        "tacho agent: --metrics-interval: 'long' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)",
                        "redis-timeout: 1ns (expected: 10ms to 1h)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--source=self --url=http://a/ | url: given with source self (expected: with centrifugo, prometheus)",
                "--source=self --stale-after=1s | stale-after: given with source self (expected: with statsd, push, otlp)",
                "--pid=7 | pid: given with source self (expected: with another source)",
                "--source=centrifugo --url=http://a/ --listen=127.0.0.1:1 | listen: given with source centrifugo"
                        + " (expected: with statsd, push, otlp)",
                "--source=push --listen=127.0.0.1:1 --mapping=x | mapping: given with source push"
                        + " (expected: with prometheus, statsd, otlp)",
                "--source=statsd --listen=127.0.0.1:1 --socket-mode=0666 | socket-mode: given without socket"
                        + " (expected: with socket)",
                "--source=statsd --listen=127.0.0.1:1 --pid=0 | pid: 0 (expected: the id of a process, at least 1)",
                "--source=push --listen=127.0.0.1:1 --pid=-3 | pid: -3 (expected: the id of a process, at least 1)",
                "--source=push --listen=127.0.0.1:1 --gone-after=0s | gone-after: 0s (expected: > 0)",
                "--source=statsd --listen=127.0.0.1:1 --stale-after=0s | stale-after: 0s (expected: > 0)"
            })
    void agent_settingWithoutEffect_isRejected(String arguments, String error) {
        assertThat(errors(new NodeAgentMain(), Map.of(), arguments.split(" ")))
                .containsExactly("tacho agent: " + error);
    }

    @Test
    void agent_settingWithoutEffectInItsFile_isRejected() throws IOException {
        String file = file("url = http://127.0.0.1:8000/metrics");

        assertThat(errors(new NodeAgentMain(), Map.of(), "--config", file))
                .containsExactly("tacho agent: " + file
                        + ":1: url: given with source self (expected: with centrifugo, prometheus)");
    }

    @Test
    void agent_settingWithoutEffectInTheEnvironment_isIgnored() {
        CommandLine line = Program.commandLine(new NodeAgentMain(), Map.of("TACHO_URL", "http://127.0.0.1:7022"))
                .setOut(new PrintWriter(new StringWriter()));

        assertThat(line.execute("--print-config")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stats | --json --columns=cpu | columns: given with JSON, which has all fields (expected: another format)",
                "stats | --json --no-header | no-header: given with JSON, which has no header (expected: another format)",
                "stats | --format=csv --json | format: given together with json (expected: one of them)",
                "top | --once --watch=1s | watch: given together with once (expected: one of them)",
                "top | --json --columns=cpu | columns: given with json, which has all fields (expected: without json)"
            })
    void client_settingWithoutEffect_isRejected(String program, String arguments, String error) {
        assertThat(errors(program.equals("top") ? new TopMain() : new StatsMain(), Map.of(), arguments.split(" ")))
                .containsExactly("tacho " + program + ": " + error);
    }

    @Test
    void secretWithALineBreak_isRejected_withoutShowingIt() throws IOException {
        Path keys = Files.writeString(directory.resolve("keys"), "S3CRET\nKEY2\n");

        assertThat(errors(new StatsMain(), Map.of(), "--api-key-file=" + keys))
                .containsExactly("tacho stats: api-key-file: 2 lines, or control characters (expected: one key)");
        assertThat(errors(new StatsMain(), Map.of("TACHO_API_KEY", "S3CRET\nKEY2")))
                .containsExactly("tacho stats: TACHO_API_KEY: 2 lines, or control characters (expected: one key)");
        assertThat(errors(new StandaloneMain(), Map.of("TACHO_REDIS_PASSWORD", "S3CRET one\nS3CRET two")))
                .containsExactly("tacho standalone: TACHO_REDIS_PASSWORD: has a line break or a control character"
                        + " (expected: one line of text)");
    }

    @Test
    void standalone_invalidRedisServer_isRejected() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no program");

        assertThat(errors(new StandaloneMain(), Map.of(), "--redis-server=/proc/none", "--print-config"))
                .containsExactly("tacho standalone: redis-server: /proc/none, no such file"
                        + " (expected: a Redis or Valkey server)");
        assertThat(errors(new StandaloneMain(), Map.of(), "--redis-server=" + text))
                .containsExactly("tacho standalone: redis-server: " + text + ", not executable"
                        + " (expected: a Redis or Valkey server)");
    }

    @Test
    void environment_twoInvalidValues_bothReported() {
        assertThat(errors(new AggregatorMain(), Map.of("TACHO_SWEEP_INTERVAL", "soon", "TACHO_MAX_NODES", "many")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("TACHO_SWEEP_INTERVAL: 'soon'"))
                .anySatisfy(line -> assertThat(line).contains("TACHO_MAX_NODES: 'many' (expected: a whole number)"));
    }
}
