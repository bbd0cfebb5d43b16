// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.redis.connection.RedisCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class ProgramTest {

    @Command(name = "sample", versionProvider = Program.Version.class)
    static final class Sample implements Callable<Integer> {

        @Option(names = "--some-time")
        Duration someTime = Duration.ofSeconds(5);

        @Mixin
        RedisOptions redis = new RedisOptions();

        String seen;

        @Override
        public Integer call() {
            seen = someTime + " " + redis.settings();
            return 0;
        }
    }

    private final Sample sample = new Sample();
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    private int execute(Map<String, String> environment, String... arguments) {
        CommandLine line = Program.commandLine(sample, environment);
        return line.setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(arguments);
    }

    @Test
    void flag_overridesEnvironment_overridesDefault() {
        assertThat(execute(Map.of())).isZero();
        assertThat(sample.seen).startsWith("PT5S RedisSettings[127.0.0.1:6379, namespace=tacho");

        assertThat(execute(Map.of("TACHO_SOME_TIME", "1m", "TACHO_NAMESPACE", "blue")))
                .isZero();
        assertThat(sample.seen).startsWith("PT1M").contains("namespace=blue");

        assertThat(execute(Map.of("TACHO_SOME_TIME", "1m"), "--some-time", "500ms"))
                .isZero();
        assertThat(sample.seen).startsWith("PT0.5S");
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "5s,PT5S", "2m,PT2M", "1h,PT1H"})
    void duration_valid_isConverted(String value, Duration expected) throws Exception {
        assertThat(Objects.requireNonNull(Converters.all().get(Duration.class)).convert(value))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5x", "PT5S", "1.5ns"})
    void duration_invalid_isRejected(String value) {
        assertThat(execute(Map.of(), "--some-time=" + value)).isEqualTo(Program.USAGE);
        assertThat(err.toString())
                .startsWith("sample: ")
                .contains("--some-time", "'" + value + "'", "(expected: a duration, e.g. 500ms");
    }

    @Test
    void environment_invalidValue_isRejected() {
        assertThat(execute(Map.of("TACHO_SOME_TIME", "soon"))).isEqualTo(Program.USAGE);
        assertThat(err.toString()).startsWith("sample: TACHO_SOME_TIME: 'soon' (expected: a duration, e.g. 500ms");
    }

    @Test
    void unknownOption_isRejectedWithTheMostSimilarOption() {
        assertThat(execute(Map.of(), "--some-tme", "5s")).isEqualTo(Program.USAGE);
        assertThat(err.toString()).contains("--some-tme: no such option (expected: --some-time)", "--help");
    }

    @Test
    void unexpectedArgument_isRejected() {
        assertThat(execute(Map.of(), "status")).isEqualTo(Program.USAGE);
        assertThat(err.toString()).contains("'status' (expected: options)");
    }

    @Test
    void setting_outOfRange_isRejected() {
        assertThat(execute(Map.of(), "--partitions", "0")).isEqualTo(Program.USAGE);
        assertThat(err.toString()).isEqualToNormalizingNewlines("sample: partitions: 0 (expected: 1 to 1024)\n");
    }

    @Test
    void secrets_areMasked() {
        Map<String, String> environment = Map.of("TACHO_REDIS", "redis://:s3cret@host:bad");

        assertThat(execute(environment, "--help")).isZero();
        assertThat(execute(environment)).isEqualTo(Program.USAGE);

        assertThat(out.toString() + err).contains("redis://127.0.0.1:6379").doesNotContain("s3cret");
    }

    @Test
    void environment_dollarsAndDashes_areLiteral() {
        assertThat(execute(Map.of("TACHO_REDIS_USER", "${TACHO_REDIS} $$ \\n", "TACHO_REDIS_PASSWORD", "--redis")))
                .isZero();
        assertThat(sample.redis.settings().credentials().get())
                .isEqualTo(new RedisCredentials("${TACHO_REDIS} $$ \\n", "--redis", null, null));
    }

    @Test
    void help_invalidEnvironment_succeeds() {
        assertThat(execute(Map.of("TACHO_SOME_TIME", "soon"), "--help")).isZero();
    }

    @Test
    void version_isPrinted() {
        assertThat(execute(Map.of(), "--version")).isZero();
        assertThat(out.toString()).startsWith("sample ");
    }

    @Test
    void password_isReadFromTheEnvironmentOrAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "from file\n");

        assertThat(execute(Map.of("TACHO_REDIS_PASSWORD", "from env", "TACHO_REDIS_USER", "me")))
                .isZero();
        assertThat(sample.redis.settings().credentials().get())
                .isEqualTo(new RedisCredentials("me", "from env", null, null));
        assertThat(execute(
                        Map.of("TACHO_REDIS_SENTINEL_PASSWORD", "other"),
                        "--redis-user=me",
                        "--redis-password-file=" + file,
                        "--redis-sentinel-user=you"))
                .isZero();
        assertThat(sample.redis.settings().credentials().get())
                .isEqualTo(new RedisCredentials("me", "from file", "you", "other"));
        assertThat(sample.seen).doesNotContain("from file", "other");
    }

    @Test
    void password_invalid_isRejected(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        assertThat(execute(Map.of(), "--redis-password-file", missing.toString()))
                .isEqualTo(Program.USAGE);
        assertThat(err.toString())
                .contains("redis-password-file: cannot read " + missing)
                .contains("(expected: a readable text file)");

        assertThat(execute(Map.of("TACHO_REDIS_PASSWORD", "s3cret"), "--redis-password-file", missing.toString()))
                .isEqualTo(Program.USAGE);
        assertThat(err.toString())
                .contains("redis-password-file: given together with TACHO_REDIS_PASSWORD")
                .doesNotContain("s3cret");
        assertThat(execute(Map.of(), "--redis-password", "s3cret")).isEqualTo(Program.USAGE);
    }
}
