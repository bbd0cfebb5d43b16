// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubHttpIT {

    private static final String PUBLISH = "{\"method\":\"publish\",\"params\":{\"channel\":\"c\",\"data\":{\"n\":1}}}";

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final DemoHub hub = new DemoHub(recorder, "127.0.0.1", 0);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws IOException {
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HttpResponse<String> call(String path, String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void publish_singleAndBatch() throws Exception {
        assertThat(call("/api", "POST", PUBLISH).body()).isEqualTo("{\"result\":{}}");
        assertThat(call("/api?x=y", "POST", " [" + PUBLISH + "]").body()).isEqualTo("[{\"result\":{}}]");
        HttpResponse<String> batch = call("/api", "POST", "[" + PUBLISH + "," + PUBLISH + "]");

        assertThat(batch.statusCode()).isEqualTo(200);
        assertThat(batch.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(batch.body()).isEqualTo("[{\"result\":{}},{\"result\":{}}]");
        RecordedInterval all = recorder.takeInterval();
        assertThat(all.numMsgPublished()).isEqualTo(4);
        assertThat(all.api().max()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense                                               | message: not JSON",
                "``                                                     | message: empty",
                "[]                                                     | message: an empty array",
                "{}                                                     | method: missing (expected: 'publish')",
                "{\"method\":\"dance\"}                                 | method: 'dance' (expected: 'publish')",
                "{\"method\":\"publish\"}                               | params: missing (expected: an object)",
                "{\"method\":\"publish\",\"params\":{\"channel\":\"\"}} | params.channel: '' (expected: a string",
            })
    void invalidInput_isRejectedAndCounted(String body, String message) throws Exception {
        HttpResponse<String> response = call("/api", "POST", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body().replace("\\\"", "'")).contains("{\"error\":{\"code\":10", message);
        assertThat(counted()).containsExactly(1, 0);
    }

    @Test
    void batch_withOneInvalidCommand_publishesNothing() throws Exception {
        assertThat(call("/api", "POST", "[" + PUBLISH + ",{}]").statusCode()).isEqualTo(400);
        assertThat(counted()).containsExactly(1, 0);
    }

    @Test
    void request_tooLarge_isRejectedAndCounted() throws Exception {
        String body = "x".repeat(HubProtocol.MAX_MESSAGE_BYTES + 1);

        assertThat(call("/api", "POST", body).statusCode()).isEqualTo(413);
        assertThat(counted()).containsExactly(1, 0);
    }

    @Test
    void method_otherThanPost_isRejected() throws Exception {
        HttpResponse<String> response = call("/api", "GET", "");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).contains("HTTP method: GET (expected: POST)");
        assertThat(counted()).containsExactly(1, 0);
    }

    @ParameterizedTest
    @CsvSource({"/,GET", "/apis,POST", "/api/,POST", "/connection,GET"})
    void path_unknown_returns404(String path, String method) throws Exception {
        assertThat(call(path, method, "").statusCode()).isEqualTo(404);
        assertThat(counted()).containsExactly(0, 0);
    }

    @Test
    void webSocketPath_withoutHandshake_isRejected() throws Exception {
        assertThat(call("/connection/websocket", "GET", "").statusCode()).isEqualTo(400);
        assertThat(counted()).containsExactly(0, 0);
    }

    /** Returns the recorded API requests and publishes after all requests are processed. */
    private long[] counted() {
        hub.close();
        RecordedInterval all = recorder.takeInterval();
        return new long[] {all.api().count(), all.numMsgPublished()};
    }
}
