// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Header;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {

    private static final String DASH = "https://dash.example";
    private static final String EXPOSED = "ETag, X-Tacho-Stale-Ms, X-Tacho-Stale-Partitions";

    private static Request request(String method, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.set(headers[i], headers[i + 1]);
        }
        return new Request(
                method, "/stats", Map.of(), "", all, new byte[0], false, true, InetAddress.getLoopbackAddress());
    }

    private static Request from(String origin) {
        return request("GET", "Origin", origin);
    }

    private static Map<String, String> headers(Response response) {
        List<Header> headers =
                response instanceof StreamingResponse stream ? stream.headers() : ((FullResponse) response).headers();
        return headers.stream().collect(Collectors.toMap(Header::name, Header::value));
    }

    private static Map<String, String> allowed(String origin, boolean varies) {
        return varies
                ? Map.of(
                        "Access-Control-Allow-Origin",
                        origin,
                        "Access-Control-Expose-Headers",
                        EXPOSED,
                        "Vary",
                        "Origin")
                : Map.of("Access-Control-Allow-Origin", origin, "Access-Control-Expose-Headers", EXPOSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "http://a",
                "https://dash.example:8443",
                "http://dash.example:443",
                "https://dash.example:80",
                "https://a.b-c_d.example:65535",
                "http://[2001:db8::1]:3000",
                "chrome-extension://abcdef",
            })
    void origin_inBrowserForm_isValid(String origin) {
        assertThat(Cors.of(List.of(origin)).origins()).containsExactly(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dash.example",
                "https://",
                "https://dash.example/",
                "https://dash.example/x",
                "https://Dash.example",
                "HTTPS://dash.example",
                "https://dash.example:443",
                "http://dash.example:80",
                "https://dash.example:0",
                "https://dash.example:65536",
                "https://*.example",
                "https://a,https://b",
                " https://a",
            })
    void origin_notInBrowserForm_isInvalid(String origin) {
        assertThatThrownBy(() -> Cors.of(List.of("https://ok.example", origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cors-origin: '")
                .hasMessageEndingWith(
                        "' (expected: an origin as browsers send it, in lower case, without a path and a default"
                                + " port: https://dash.example; or *)");
    }

    @Test
    void invalidOrigins_areAllReported_withoutPasswords() {
        assertThatThrownBy(() -> Cors.of(List.of("https://u:s3cret@a", "x y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x y'")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void configuredOrigin_isAllowed_otherOriginsAndNoOriginAreNot() {
        Cors cors = Cors.of(List.of(DASH, "null"));
        FullResponse response = FullResponse.empty(HttpResponseStatus.OK);

        assertThat(headers(cors.allow(from(DASH), response))).isEqualTo(allowed(DASH, true));
        assertThat(headers(cors.allow(from("null"), response))).isEqualTo(allowed("null", true));
        assertThat(cors.allow(from("https://evil.example"), response)).isSameAs(response);
        assertThat(cors.allow(from(DASH + ".evil.example"), response)).isSameAs(response);
        assertThat(cors.allow(request("GET"), response)).isSameAs(response);
    }

    @Test
    void star_allowsAnyOrigin_withoutVary() {
        FullResponse response = FullResponse.empty(HttpResponseStatus.OK).with("X", "y");

        assertThat(headers(Cors.of(List.of("*", DASH)).allow(from("https://x.example"), response)))
                .containsAllEntriesOf(allowed("*", false))
                .containsEntry("X", "y")
                .hasSize(3);
    }

    @Test
    void allResponseTypes_haveTheHeaders() {
        Cors cors = Cors.of(List.of(DASH));
        CompletableFuture<FullResponse> later = new CompletableFuture<>();
        CachedResponse cached = new CachedResponse(
                HttpResponseStatus.OK, List.of(FullResponse.JSON), Unpooled.copiedBuffer(new byte[] {'1'}));
        StreamingResponse.Listener listener = new StreamingResponse.Listener() {
            @Override
            public void opened(Stream stream) {}

            @Override
            public void closed(Stream stream) {}
        };

        FullResponse full = (FullResponse) cors.allow(from(DASH), cached);
        AsyncResponse async = (AsyncResponse) cors.allow(from(DASH), new AsyncResponse(later));
        StreamingResponse stream =
                (StreamingResponse) cors.allow(from(DASH), new StreamingResponse(List.of(FullResponse.JSON), listener));
        later.complete(FullResponse.error(HttpResponseStatus.NOT_FOUND, "x"));

        assertThat(headers(full))
                .containsAllEntriesOf(allowed(DASH, true))
                .containsEntry("Content-Type", "application/json");
        assertThat(headers(async.response().toCompletableFuture().join())).containsAllEntriesOf(allowed(DASH, true));
        assertThat(headers(stream)).containsAllEntriesOf(allowed(DASH, true)).hasSize(4);
        assertThat(stream.listener()).isSameAs(listener);
        assertThat(full.body().refCnt()).as("a reference of its own").isEqualTo(2);
        full.body().release(2);
    }

    @Test
    void preflight_isAnOptionsRequestWithOriginAndMethod() {
        Cors cors = Cors.of(List.of(DASH));
        String method = "Access-Control-Request-Method";

        assertThat(cors.isPreflight(request("OPTIONS", "Origin", DASH, method, "GET")))
                .isTrue();
        assertThat(cors.isPreflight(request("OPTIONS", "Origin", DASH))).isFalse();
        assertThat(cors.isPreflight(request("OPTIONS", method, "GET"))).isFalse();
        assertThat(cors.isPreflight(request("GET", "Origin", DASH, method, "GET")))
                .isFalse();
        assertThat(Cors.of(List.of()).isPreflight(request("OPTIONS", "Origin", DASH, method, "GET")))
                .as("no origin is configured")
                .isFalse();
    }

    @Test
    void preflight_listsAllowedMethodsAndHeaders_toAllowedOriginsOnly() {
        Cors cors = Cors.of(List.of(DASH));

        FullResponse response = cors.preflight(from(DASH));
        assertThat(response.status()).isEqualTo(HttpResponseStatus.NO_CONTENT);
        assertThat(headers(response))
                .containsEntry("Access-Control-Allow-Methods", "GET, HEAD, POST")
                .containsEntry("Access-Control-Max-Age", "600")
                .hasEntrySatisfying(
                        "Access-Control-Allow-Headers",
                        names -> assertThat(names).contains("X-API-Key").contains("Last-Event-ID"));
        assertThat(headers(cors.preflight(from("https://evil.example")))).isEmpty();
    }
}
