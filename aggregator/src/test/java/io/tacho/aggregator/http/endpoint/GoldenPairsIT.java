// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays requests that a real Centrifugo 1.0.0 was sent, and compares the responses byte for byte; ids, names, dates and
 * numbers are masked.
 */
class GoldenPairsIT {

    private static final Path PAIRS = Path.of("src/test/resources/golden-v1");

    static Stream<String> pairs() throws IOException {
        try (Stream<Path> files = Files.list(PAIRS)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".req"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    @Test
    void pairs_exist() throws IOException {
        assertThat(pairs()).hasSizeGreaterThanOrEqualTo(23);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void response_equalsTheOriginal(String name) throws IOException {
        boolean insecure = name.startsWith("i");
        String expected = read(name + ".resp");
        if (name.equals("071_mixed_batch")) {
            // an aggregator rejects publish, which only nodes support
            expected = expected.replace(
                            "\"error\":null,\"method\":\"publish\"",
                            "\"error\":\"not available\",\"method\":\"publish\"")
                    .replace("\"error\":\"namespace not found\"", "\"error\":\"not available\"");
        }
        try (TestServer server = new TestServer(insecure ? 2 : 3, insecure ? null : new ApiSecret("secret"), 10)) {

            String actual = server.exchange(read(name + ".req"));

            assertThat(masked(actual)).isEqualTo(masked(expected));
            assertContentLengthIsTrue(name, actual);
        }
    }

    private static void assertContentLengthIsTrue(String name, String response) {
        if (!name.equals("084_head")) {
            String body = response.substring(response.indexOf("\r\n\r\n") + 4);
            assertThat(response).contains("\r\nContent-Length: " + body.length() + "\r\n");
        }
    }

    private static String masked(String response) {
        return response.replaceAll("\"uid\":\"[^\"]*\",\"name\":\"[^\"]*\"", "\"uid\":\"U\",\"name\":\"N\"")
                .replaceAll(
                        "\r\nDate: [A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT", "\r\nDate: D")
                .replaceAll("\r\nContent-Length: \\d+", "\r\nContent-Length: N")
                .replaceAll("\":\\d+", "\":0");
    }

    private static String read(String file) {
        try {
            return Files.readString(PAIRS.resolve(file), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
