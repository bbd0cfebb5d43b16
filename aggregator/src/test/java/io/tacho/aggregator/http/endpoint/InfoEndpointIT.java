// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfoEndpointIT {

    private static TestServer open;
    private static TestServer keyed;

    @BeforeAll
    static void start() throws IOException {
        open = new TestServer(2, null, 10);
        keyed = new TestServer(2, new ApiSecret("k1"), 10);
    }

    @AfterAll
    static void stop() {
        open.close();
        keyed.close();
    }

    private static String ask(TestServer server, String method, String path, String header, String body)
            throws IOException {
        String more = header.isEmpty() ? "" : header + "\r\n";
        return server.exchange(method + " " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n" + more
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @ParameterizedTest
    @CsvSource({"/api,'{\"method\":\"info\",\"params\":{}}'", "/api/info,{}"})
    void info_withoutKeys_isServed(String path, String body) throws IOException {
        assertThat(ask(open, "POST", path, "", body))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                .contains("\r\n\r\n{\"result\":{\"nodes\":[{\"uid\":\"u0\",\"name\":\"name-u0\",\"version\":\"\",");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/info,Authorization: apikey k1,200",
        "/api/info,Authorization: ApiKey  k1,200",
        "/api/info,X-API-Key: k1,200",
        "/api/info?api_key=k1,'',200",
        "/api/info?api_key=k1,X-API-Key: k2,200",
        "/api/info,X-API-Key: k2,401",
        "/api/info,Authorization: apikey k2,401",
        "/api/info,Authorization: k1,401",
        "/api/info,Authorization: Bearer k1,401",
        "/api/info?api_key=k2,'',401",
        "/api/info,'',401"
    })
    void key_headerAuthorizationOrQuery_isAccepted(String path, String header, int status) throws IOException {
        String response = ask(keyed, "POST", path, header, "{}");

        assertThat(response).startsWith("HTTP/1.1 " + status + " ");
        if (status == 401) {
            assertThat(response).contains("Content-Length: 0\r\n").endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/api", "GET,/api/info", "PUT,/api/batch", "DELETE,/api/publish", "OPTIONS,/api"})
    void method_otherThanPost_isRejected(String method, String path) throws IOException {
        assertThat(ask(open, method, path, "", "")).startsWith("HTTP/1.1 405 ").contains("Content-Length: 0\r\n");
    }

    @ParameterizedTest
    @CsvSource({"/api,''", "/api,x", "/api/info,''", "/api/info,[]", "/api/batch,1", "/api,'{\"method\":\"no\"}'"})
    void body_malformed_isRejected(String path, String body) throws IOException {
        assertThat(ask(open, "POST", path, "", body))
                .startsWith("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "X-Content-Type-Options: nosniff\r\n")
                .endsWith("\r\n\r\nBad Request\n");
    }

    @Test
    void v1_isServedAtItsPath() throws IOException {
        assertThat(ask(open, "POST", "/api/", "Content-Type: application/json", "{\"method\":\"stats\",\"params\":{}}"))
                .contains("\r\n\r\n[{\"body\":{\"data\":{\"nodes\":[");
    }

    @Test
    void otherMethods_areNotAvailable() throws IOException {
        assertThat(ask(open, "POST", "/api/publish", "", "{}"))
                .endsWith("\r\n\r\n{\"error\":{\"code\":108,\"message\":\"not available\"}}");
    }

    @ParameterizedTest
    @CsvSource({"POST,/api/nosuch", "GET,/api/nosuch", "POST,/api/Info", "POST,/api/info/x", "POST,/api/nosuch/"})
    void path_unknownMethod_returns404WithAndWithoutKey(String method, String path) throws IOException {
        for (String key : List.of("", "X-API-Key: k1")) {
            assertThat(ask(keyed, method, path, key, "{}"))
                    .startsWith("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            + "X-Content-Type-Options: nosniff\r\n")
                    .endsWith("\r\n\r\n404 page not found\n");
        }
    }

    @Test
    void path_unknownV1Method_isServedLikeV1() throws IOException {
        String stats = "%7B%22method%22%3A%22stats%22%7D";

        assertThat(ask(open, "GET", "/api/nosuch?data=" + stats, "", "")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(ask(keyed, "POST", "/api/nosuch", "Content-Type: application/json\r\nX-API-Sign: 00", "{}"))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    void v14_numbers_areInAMap() throws IOException {
        String response = ask(
                open,
                "POST",
                "/centrifugo-1.4/api/",
                "Content-Type: application/json",
                "[{\"method\":\"stats\",\"params\":{}},{\"method\":\"stats\",\"params\":{}}]");

        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(response.split(
                        "\"nodes\":\\[\\{\"uid\":\"u0\",\"name\":\"name-u0\",\"started_at\":\\d+,\"metrics\":\\{\"",
                        -1))
                .hasSize(3);
    }

    @Test
    void v14_requiresTheSignature() throws IOException {
        String stats = "{\"method\":\"stats\",\"params\":{}}";

        assertThat(ask(keyed, "POST", "/centrifugo-1.4/api/", "Content-Type: application/json", stats))
                .startsWith("HTTP/1.1 400 ");
        assertThat(ask(
                        keyed,
                        "POST",
                        "/centrifugo-1.4/api/",
                        "Content-Type: application/json\r\nX-API-Sign: 00",
                        stats))
                .startsWith("HTTP/1.1 401 ");
    }
}
