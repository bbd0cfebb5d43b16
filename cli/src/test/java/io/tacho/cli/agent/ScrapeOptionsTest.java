// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.cli.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ScrapeOptionsTest {

    @Command(name = "sample")
    private static final class Sample implements Runnable {

        @Mixin
        private final ScrapeOptions scrape = new ScrapeOptions();

        @Override
        public void run() {}
    }

    private static final Duration GONE_AFTER = Duration.ofSeconds(40);

    @TempDir
    private Path directory;

    private static ScrapeSettings settings(Map<String, String> environment, Duration interval, String... arguments) {
        Sample sample = new Sample();
        CommandLine line = Program.commandLine(sample, environment);
        line.parseArgs(arguments);
        PublishSettings publish = PublishSettings.of("n", Duration.ofSeconds(60), interval, null, null);
        return sample.scrape.settings(line.getCommandSpec(), publish, GONE_AFTER, "of a program");
    }

    private static ScrapeSettings settings(String... arguments) {
        return settings(Map.of(), Duration.ofSeconds(10), arguments);
    }

    @Test
    void url_alone_isSufficient() {
        ScrapeSettings settings = settings("--url", "http://127.0.0.1:8000/metrics");

        assertThat(settings.isLocal()).isTrue();
        assertThat(settings.port()).isEqualTo(8_000);
        assertThat(settings.timeout()).hasSeconds(2);
        assertThat(settings.trust()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10s, 2000", "4s, 2000", "3s, 1500", "1s, 500"})
    void timeout_byDefault_isAtMostHalfAnInterval(String interval, long millis) {
        Duration publish = Duration.parse("PT" + interval.toUpperCase(Locale.ROOT));

        assertThat(settings(Map.of(), publish, "--url", "http://h/metrics").timeout())
                .hasMillis(millis);
    }

    @Test
    void timeout_upToTheInterval_isValid() {
        assertThat(settings("--url", "http://h/m", "--source-timeout", "10s").timeout())
                .hasSeconds(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("--url", "http://h/m", "--source-timeout", "11s"))
                .withMessage("source-timeout: 11s (expected: at most the publish interval, 10s)");
    }

    @Test
    void url_missing_errorHasTheExpectedValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings())
                .withMessage("url: missing (expected: that of a program)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:secret@h:80 80/metrics", "http://[secret", "secret^"})
    void url_malformed_isNotShown(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("--url", url))
                .withMessage("url: malformed (expected: http[s]://host[:port]/path)");
    }

    @Test
    void secrets_ofTheEnvironmentOrAFile_areRead() throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "t-1\n");

        assertThat(settings(
                                Map.of("TACHO_SOURCE_PASSWORD", "p-1"),
                                Duration.ofSeconds(10),
                                "--url=http://h/m",
                                "--source-user=u")
                        .toString())
                .doesNotContain("p-1");
        assertThat(settings("--url=http://h/m", "--source-token-file=" + file)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(
                        Map.of("TACHO_SOURCE_TOKEN", "t-2"),
                        Duration.ofSeconds(10),
                        "--url=http://h/m",
                        "--source-token-file=" + file))
                .withMessage("source-token-file: given together with TACHO_SOURCE_TOKEN (expected: one of them)");
    }

    @Test
    void secretFiles_areReadWhenTheyAreNeeded() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "A\n");
        ScrapeSettings token = settings("--url=http://h/m", "--source-token-file=" + file);
        ScrapeSettings password = settings("--url=http://h/m", "--source-user=u", "--source-password-file=" + file);
        assertThat(token.token().get()).isEqualTo("A");

        Files.writeString(file, "B\n");

        assertThat(token.token().get()).isEqualTo("B");
        assertThat(password.password().get()).isEqualTo("B");
    }

    @Test
    void errors_areReportedTogether() {
        Path missing = directory.resolve("missing");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(
                        "--url=:",
                        "--source-password-file=" + missing,
                        "--source-ca=" + missing,
                        "--source-timeout=1m"))
                .satisfies(e -> assertThat(List.of(e.getMessage().split("\n")))
                        .hasSizeGreaterThanOrEqualTo(4)
                        .anyMatch(line -> line.startsWith("url: malformed"))
                        .anyMatch(line -> line.startsWith("source-password-file: cannot read " + missing))
                        .anyMatch(line -> line.startsWith("source-ca: "))
                        .anyMatch(line -> line.startsWith("source-timeout: 1m")));
    }
}
