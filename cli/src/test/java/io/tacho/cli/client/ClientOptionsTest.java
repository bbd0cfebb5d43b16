// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.cli.program.ParsedOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientOptionsTest {

    private static final String SECRET = "s3cret";

    @TempDir
    private Path directory;

    private static ApiClient client(Map<String, String> environment, String... arguments) {
        return ParsedOptions.parse(new ClientOptions(), environment, arguments).client();
    }

    private static ApiClient client(String... arguments) {
        return client(Map.of(), arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:7022, http://127.0.0.1:7022",
        "http://127.0.0.1:7022/, http://127.0.0.1:7022",
        "https://example.org, https://example.org",
        "http://[::1]:80/tacho/, http://[::1]:80/tacho",
    })
    void url_isTheBaseOfRequestPaths(String url, String base) {
        assertThat(client("--url", url).url()).isEqualTo(base);
        assertThat(client(Map.of("TACHO_URL", url)).url()).isEqualTo(base);
    }

    @Test
    void url_default_isTheLocalAggregator() {
        assertThat(client().url()).isEqualTo("http://127.0.0.1:7022");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "example.org",
                "example.org:7022",
                "//example.org",
                "http://",
                "http://:7022",
                "http:/example.org",
                "ftp://example.org",
                "http://example.org/?key=1",
                "http://exa mple.org",
                "http://example.org:port"
            })
    void url_invalid_isRejected(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--url", url))
                .withMessageStartingWith("url: '")
                .withMessageEndingWith("(expected: http://host:port or https://host:port, with or without a path)");
    }

    @Test
    void url_rejected_doesNotShowItsSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--url", "ftp://user:" + SECRET + "@example.org/?token=" + SECRET))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\u0000", "\t"})
    void key_ofSeveralLines_isRejectedWithoutShowingIt(String separator) throws IOException {
        String key = SECRET + separator + SECRET;
        Path file = Files.writeString(directory.resolve("key"), key);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> client(Map.of("TACHO_API_KEY", key)))
                .withMessageMatching("api-key: [12] lines, or control characters \\(expected: one key\\)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--api-key-file", file.toString()))
                .withMessageMatching("api-key-file: [12] lines, or control characters \\(expected: one key\\)");
    }

    @Test
    void keyFile_mayEndWithALineBreak() throws IOException {
        Path file = Files.writeString(directory.resolve("key"), SECRET + "\n");

        assertThat(client("--api-key-file", file.toString())).isNotNull();
    }

    @Test
    void keyFile_unreadable_errorHasItsPath() {
        Path absent = directory.resolve("absent");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--api-key-file", absent.toString()))
                .withMessage("api-key-file: " + absent + " (expected: a file that can be read)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--api-key-file", directory.toString()))
                .withMessage("api-key-file: " + directory + " (expected: a file that can be read)");
    }

    @Test
    void ca_withoutCertificates_isRejected() throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "no certificate");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--ca", file.toString()))
                .withMessageStartingWith("ca: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("--ca", directory.resolve("absent").toString()))
                .withMessageStartingWith("ca: ");
    }
}
