// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The names of settings, and values that come from files and the environment. */
class SettingNamesTest {

    private static final Set<String> NAMES =
            Set.of("ttl", "redis", "redis-user", "redis-password", "name", "namespace", "publish-interval");

    @Command(name = "sample")
    private static final class Sample implements Runnable {

        @Mixin
        private final RedisOptions redis = new RedisOptions();

        @Mixin
        private final ConfigOptions config = new ConfigOptions();

        @Override
        public void run() {}
    }

    @TempDir
    private Path directory;

    private static CommandSpec parsed(Map<String, String> environment, String... arguments) {
        CommandLine line = Program.commandLine(new Sample(), environment);
        line.parseArgs(arguments);
        return line.getCommandSpec();
    }

    @Test
    void variable_isTheNameInUpperCaseWithPrefix() {
        assertThat(SettingNames.variable("ttl")).isEqualTo("TACHO_TTL");
        assertThat(SettingNames.variable("redis-sentinel-password")).isEqualTo("TACHO_REDIS_SENTINEL_PASSWORD");
    }

    @Test
    void keys_areSettingsAndSecrets() {
        assertThat(List.copyOf(SettingNames.keys(parsed(Map.of()))))
                .contains("redis", "redis-password", "redis-password-file", "redis-sentinel-password", "partitions")
                .doesNotContain("config", "print-config", "help", "version")
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource({
        "--redis-usr,            redis-user",
        "--redis-usr=secret,     redis-user",
        "-ttl,                   ttl",
        "TACHO_NAMESPCE,         namespace",
        "publish_intervall,      publish-interval",
        "--redis_password=s,     redis-password",
        "rediss,                 redis",
        "NAME,                   name",
        "--something-else,       ",
    })
    void nearest_misspelledName_isTheMostSimilarName(String misspelled, String expected) {
        assertThat(SettingNames.nearest(misspelled, NAMES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "TACHO_NAMESPCE,             namespace",
        "TACHO_REDIS_USR,            redis-user",
        "TACHO_TTLL,                 ttl",
        "TACHO_REDIS_PASWORD,        redis-password",
        "TACHO_TTL,                  ",
        "TACHO_SOMETHING_ELSE,       ",
        "TACHO_REDI_PORT,            ",
        "TACHO_REDIS_USER,           ",
        "TACHO_REDIS_PORT,           ",
        "TACHO_SERVICE_HOST,         ",
        "TACHO_SERVICE_PORT_HTTP,    ",
        "TACHO_PORT_7022_TCP_ADDR,   ",
        "TACHO_REDIS_PORT_6379_TCP_ADDR,",
        "TACHO_LAUNCHER_OPTIONS,     ",
        "NAMESPCE,                   ",
        "OTHER_TTLL,                 ",
    })
    void meantByVariable_otherVariables_areIgnored(String variable, String expected) {
        assertThat(SettingNames.meantByVariable(variable, NAMES)).isEqualTo(expected);
    }

    @Test
    void given_includesCommandLineAndFile_notEnvironment() throws IOException {
        Path file = Files.writeString(directory.resolve("sample.properties"), "redis-user = file\n");
        GivenSettings given =
                new GivenSettings(parsed(Map.of("TACHO_REDIS_CERT", "c.pem"), "--config=" + file, "--namespace=n"));

        assertThat(List.of("redis-user", "namespace")).allMatch(given::has);
        assertThat(List.of("redis-cert", "redis-key", "no-such-setting")).noneMatch(given::has);
        assertThat(List.of("redis-key", "redis-ca", "no-such-setting")).allMatch(given::isMissing);
        assertThat(List.of("redis-user", "redis-cert", "partitions")).noneMatch(given::isMissing);
    }

    @Test
    void secret_fromTwoSources_isRejected() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "two words \r\n");
        CommandSpec none = parsed(Map.of());
        CommandSpec environment = parsed(Map.of("TACHO_REDIS_PASSWORD", "p-1"));

        assertThat(SecretFile.read(none, "redis-password", null)).isNull();
        assertThat(SecretFile.read(null, "redis-password", null)).isNull();
        assertThat(SecretFile.read(environment, "redis-password", null)).isEqualTo("p-1");
        assertThat(SecretFile.read(none, "redis-password", new SecretFile(file)))
                .isEqualTo("two words ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretFile.read(environment, "redis-password", new SecretFile(file)))
                .withMessage("redis-password-file: given together with TACHO_REDIS_PASSWORD (expected: one of them)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretFile.read(none, "redis-password", new SecretFile(directory)))
                .withMessageStartingWith("redis-password-file: cannot read " + directory);
    }

    @Test
    void resolvedValue_toString_hidesTheValue() {
        ResolvedValue variable = ResolvedValue.environment("TACHO_PUSH_KEY", "k-1");
        ResolvedValue line = ResolvedValue.line("/etc/tacho.properties:3", "push-key", "k-1");

        assertThat(variable).hasToString("TACHO_PUSH_KEY");
        assertThat(variable.isOfEnvironment()).isTrue();
        assertThat(line).hasToString("/etc/tacho.properties:3: push-key");
        assertThat(line.isOfEnvironment()).isFalse();
    }
}
