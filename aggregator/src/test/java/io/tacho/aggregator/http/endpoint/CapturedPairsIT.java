// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Replays some hundred requests, well-formed and not, that a Centrifugo 1.0.0 with one node was sent, and compares the
 * responses byte for byte; ids, dates and numbers are masked. Characters of the file are bytes.
 */
class CapturedPairsIT {

    private static final Path PAIRS = Path.of("src/test/resources/captured-v1.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void responses_equalTheOriginal() throws IOException {
        List<String> pairs = Files.readAllLines(PAIRS, UTF_8);
        assertThat(pairs).hasSizeGreaterThan(250);
        try (TestServer signed = new TestServer(1, new ApiSecret("secret"), 10);
                TestServer open = new TestServer(1, null, 10)) {
            SoftAssertions softly = new SoftAssertions();
            for (String line : pairs) {
                JsonNode pair = JSON.readTree(line);
                TestServer server = pair.path("insecure").asBoolean() ? open : signed;

                String response = server.exchange(pair.path("request").asText());

                softly.assertThat(masked(response))
                        .as(pair.path("name").asText())
                        .isEqualTo(pair.path("response").asText());
            }
            softly.assertAll();
        }
    }

    private static String masked(String response) {
        return response.replaceAll(
                        "\"uid\":\"[^\"]*\",\"name\":\"[^\"]*\",\"num_goroutine\"",
                        "\"uid\":\"U\",\"name\":\"N\",\"num_goroutine\"")
                .replaceAll("\r\nDate: [^\r]*", "\r\nDate: D")
                .replaceAll("\r\nContent-Length: \\d+", "\r\nContent-Length: N")
                .replaceAll("\":\\d+", "\":0")
                .replaceAll("\r\n\r\n[0-9a-f]+\r\n", "\r\n\r\nX\r\n");
    }
}
