// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SettingsTest extends SettingsTestBase {

    @ParameterizedTest
    @CsvSource({
        "false,false,false,5", "false,false,true,1", "false,true,false,2", "false,true,true,2",
        "true,false,false,3", "true,false,true,3", "true,true,false,3", "true,true,true,3"
    })
    void flag_overridesEnvironment_overridesFile_overridesDefault(
            boolean flag, boolean variable, boolean key, int expected) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--config", file(key ? "some-time = 1s" : "")));
        if (flag) {
            arguments.add("--some-time=3s");
        }
        if (variable) {
            environment.put("TACHO_SOME_TIME", "2s");
        }

        assertThat(execute(arguments.toArray())).isZero();

        assertThat(sample.someTime).hasSeconds(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "false,false,false,here", "false,false,true,a b", "false,true,false,c d", "false,true,true,c d",
        "true,false,false,e f", "true,false,true,e f", "true,true,false,e f", "true,true,true,e f"
    })
    void list_severalOrigins_areNotCombined(boolean flag, boolean variable, boolean key, String expected)
            throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--config", file(key ? "hosts = a,b" : "")));
        if (flag) {
            arguments.addAll(List.of("--hosts=e", "--hosts=f"));
        }
        if (variable) {
            environment.put("TACHO_HOSTS", "c,d");
        }

        assertThat(execute(arguments.toArray())).isZero();

        assertThat(sample.hosts).containsExactly(expected.split(" "));
    }

    @Test
    void file_isReadAsProperties() throws IOException {
        file("# comment\n! another\n\n  some-time: 9s\r\nhosts = a,\\\n   \\u00fc,c\n"
                + "dry-run true\nlimit=3\nnamespace = blue ");
        environment.put("TACHO_CONFIG", directory.resolve("sample.properties").toString());

        assertThat(execute("--limit", "4")).as(err.toString()).isZero();
        assertThat(sample.redis.settings().namespace())
                .as("without the blank at the end of its line")
                .isEqualTo("blue");
        assertThat(sample.someTime).hasSeconds(9);
        assertThat(sample.hosts).containsExactly("a", "ü", "c");
        assertThat(sample.dryRun).isTrue();
        assertThat(sample.limit).isEqualTo(4);
    }

    @Test
    void file_flagOverridesEnvironment() throws IOException {
        environment.put("TACHO_CONFIG", directory.resolve("absent").toString());

        assertThat(execute("--config", file("limit=2"))).isZero();

        assertThat(sample.limit).isEqualTo(2);
    }

    @Test
    void file_unknownKey_isRejectedWithTheMostSimilarKey() throws IOException {
        Path file = file("limit = 3\n\nsome-tme = 9s\n");
        rejected(file + ":3: some-tme: no such setting (expected: some-time)", "--config", file);
        file("metrics=1");
        rejected(
                file + ":1: metrics: no such setting (expected: one of those that --help and --print-config list)",
                "--config",
                file);
        file("config=x");
        assertThat(execute("--config", file)).isEqualTo(Program.USAGE);
        file("help=true");
        assertThat(execute("--config", file)).isEqualTo(Program.USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "TACHO_REDIS,redis",
        "--some-time,some-time",
        "some_time,some-time",
        "Limit,limit",
        "redis-pasword,redis-password"
    })
    void file_keyInAnotherCase_isRejected(String key, String meant) throws IOException {
        Path file = file(key + " = x");
        rejected(file + ":1: " + key + ": no such setting (expected: " + meant + ")", "--config", file);
    }

    @Test
    void file_invalidLine_isRejected() throws IOException {
        Path file = file("some-time = 1s\nlimit = 2\nsome-time = 2s");
        rejected(file + ":3: some-time: given before, " + file + ":1 (expected: once)", "--config", file);
        file("hosts = a,\\\n  b,\\\n  c\n# no more \\\nlimit = x\n");
        rejected(file + ":5: limit: 'x' (expected: a whole number)", "--config", file);
        file("\n\nhosts = \\u00g\n");
        rejected(file + ":3: malformed escape (expected: a backslash, u and four hex digits)", "--config", file);
        file("\nsome-time = soon");
        rejected(
                file + ":2: some-time: 'soon' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)",
                "--config",
                file);
        file("limit = many");
        rejected(file + ":1: limit: 'many' (expected: a whole number)", "--config", file);
        file("dry-run = yes");
        rejected(file + ":1: dry-run: 'yes' (expected: true or false)", "--config", file);
        file("#\nlimit = 0");
        rejected(file + ":2: limit: 0 (expected: at least 1)", "--config", file);
        file("log-format = xml");
        rejected(file + ":1: log-format: 'xml' (expected: text or json)", "--config", file);
        file("log-level = info,loud");
        rejected(
                file + ":1: log-level: 'loud' (expected: trace, debug, info, warn, error or off, or LOGGER=LEVEL)",
                "--config",
                file);
    }

    @Test
    void file_absentOrNotUtf8_isRejected() throws IOException {
        Path absent = directory.resolve("absent");
        rejected(
                "config: cannot read " + absent + ", no such file (expected: a readable file of properties, UTF-8)",
                "--config",
                absent);
        Path latin = Files.write(directory.resolve("latin"), "hosts = ü".getBytes(ISO_8859_1));
        rejected(
                "config: cannot read " + latin + ", not UTF-8 (expected: a readable file of properties, UTF-8)",
                "--config",
                latin);
        assertThat(execute("--config", absent, "--help")).isZero();
    }

    @Test
    void error_hasTheOriginOfTheSetting() throws IOException {
        environment.put("TACHO_LIMIT", "0");
        rejected("TACHO_LIMIT: 0 (expected: at least 1)", "--config", file("limit = -1"));
        rejected("limit: -2 (expected: at least 1)", "--limit=-2");
    }

    @Test
    void secret_isReadFromTheFileOrASeparateFile() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "s3cret\n");
        Path file = file("redis-password = s3cret\n");

        assertThat(execute("--config", file)).isZero();
        assertThat(sample.redis.settings().credentials().get().password()).isEqualTo("s3cret");
        assertThat(execute("--config", file("redis-password-file = " + password)))
                .isZero();
        assertThat(sample.redis.settings().credentials().get().password()).isEqualTo("s3cret");

        file("redis-password = s3cret\nredis-password-file = x\n");
        rejected(
                file + ":2: redis-password-file: given together with " + file
                        + ":1: redis-password (expected: one of them)",
                "--config",
                file);
        assertThat(out.toString() + err).doesNotContain("s3cret");
    }

    @Test
    void secret_byteOrderMarkAndLineBreakAreRemoved_fileIsReadAgain() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "\uFEFFs3cret\r\n");

        assertThat(execute("--redis-password-file", password)).isZero();
        assertThat(sample.redis.settings().credentials().get().password()).isEqualTo("s3cret");
        Files.writeString(password, "changed");
        assertThat(sample.redis.settings().credentials().get().password()).isEqualTo("changed");

        environment.put("TACHO_REDIS_PASSWORD", "s3cret\n");
        assertThat(execute()).isZero();
        assertThat(sample.redis.settings().credentials().get().password()).isEqualTo("s3cret");
    }

    @Test
    void serviceVariablesOfKubernetes_areIgnored() {
        Settings settings = new Settings(Map.of("TACHO_REDIS_PORT", "tcp://10.0.0.7:6379", "TACHO_API_PORT", "8000"));

        assertThat(settings.find(CommandSpec.create(), "redis-port")).isNull();
        assertThat(settings.find(CommandSpec.create(), "api-port")).isNotNull();
    }

    @Test
    void file_severalErrors_areReportedTogether() throws IOException {
        Path file = file("some-time = soon\nlimit = many\n");
        rejected(
                file + ":1: some-time: 'soon' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)\n" + file
                        + ":2: limit: 'many' (expected: a whole number)",
                "--config",
                file);
        file("hots = a\nlimit = many\n");
        rejected(
                file + ":1: hots: no such setting (expected: hosts)\n" + file
                        + ":2: limit: 'many' (expected: a whole number)",
                "--config",
                file);
    }

    @ParameterizedTest
    @CsvSource({
        "TACHO_SOME_TME,TACHO_SOME_TIME",
        "TACHO_REIDS,TACHO_REDIS",
        "TACHO_REDIS_PASWORD,TACHO_REDIS_PASSWORD",
        "TACHO_CONFG,TACHO_CONFIG",
        "TACHO_LOG_LEVL,TACHO_LOG_LEVEL"
    })
    void environment_misspelledVariable_isReported(String variable, String meant) {
        environment.put(variable, "x");
        CommandLine line = Program.commandLine(sample, environment);

        assertThat(Settings.of(line.getCommandSpec()).misspelledVariables(line.getCommandSpec()))
                .isEqualTo(Map.of(variable, meant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TACHO_REDIS",
                "TACHO_REDIS_PASSWORD",
                "TACHO_CONFIG",
                "TACHO_JAVA_OPTS",
                "TACHO_TEST_REDIS_URI",
                "TACHO_API_KEY",
                "TACHO_PORT",
                "TACHO_SERVICE_HOST",
                "TACHO_SERVICE_PORT_HTTP",
                "TACHO_PORT_7022_TCP",
                "TACHO_PORT_7022_TCP_PROTO",
                "TACHO_REDIS_PORT",
                "TACHO_REDIS_SERVICE_HOST",
                "TACHO_REDIS_PORT_6379_TCP_ADDR",
                "TECHO_REDIS",
                "PATH"
            })
    void environment_unrelatedVariable_isIgnored(String variable) {
        environment.put(variable, "x");
        CommandLine line = Program.commandLine(sample, environment);

        assertThat(Settings.of(line.getCommandSpec()).misspelledVariables(line.getCommandSpec()))
                .isEmpty();
    }
}
