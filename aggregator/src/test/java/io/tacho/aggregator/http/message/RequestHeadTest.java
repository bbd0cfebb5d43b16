// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of a head, of HTTP/1 and HTTP/2. */
class RequestHeadTest {

    private static final InetAddress REMOTE = InetAddress.getLoopbackAddress();

    private static HttpRequest decoded(HttpVersion version, String target, String... headers) {
        HttpRequest request = new DefaultHttpRequest(version, HttpMethod.GET, "/").setUri(target);
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().add(headers[i], headers[i + 1]);
        }
        return request;
    }

    private static Request parse(String target, String... headers) {
        HttpRequest request = decoded(HttpVersion.HTTP_1_1, target, headers);
        if (!request.headers().contains("Host")) {
            request.headers().set("Host", "t");
        }
        return RequestHead.parse(request, REMOTE);
    }

    private static void assertRejected(int status, String message, Runnable parsing) {
        assertThatThrownBy(parsing::run)
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        e -> assertThat(e.status().code()).isEqualTo(status))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | / | ''",
                "/stats?limit=1&x=%20 | /stats | limit=1&x=%20",
                "/stats? | /stats | ''",
                "/a?b?c | /a | b?c",
                "* | * | ''",
                "http://t:7022/stats?x=1 | /stats | x=1",
                "HTTPS://t/a//b | /a//b | ''",
                "http://t | / | ''",
                "http://t?x=1 | / | x=1",
                "//evil.example/x | //evil.example/x | ''",
            })
    void target_hasAPathAndAQuery(String target, String path, String query) {
        Request request = parse(target);

        assertThat(request.path()).isEqualTo(path);
        assertThat(request.rawQuery()).isEqualTo(query);
        assertThat(request.remote()).isEqualTo(REMOTE);
        assertThat(request.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "stats", "ftp://t/", "t:80", "*x", "?x=1"})
    void target_notAPath_isMalformed(String target) {
        assertRejected(400, "malformed request: the target is not a path", () -> parse(target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\u0000", "/a\tb", "/\u007f"})
    void target_withAControlCharacter_isMalformed(String target) {
        assertRejected(400, "malformed request: control character in the request line", () -> parse(target));
    }

    @Test
    void http11_requiresOneHost() {
        assertRejected(
                400,
                "malformed request: 0 Host headers (expected: 1)",
                () -> RequestHead.parse(decoded(HttpVersion.HTTP_1_1, "/"), REMOTE));
        assertRejected(
                400, "malformed request: 2 Host headers (expected: 1)", () -> parse("/", "Host", "a", "Host", "a"));
        assertRejected(
                400,
                "malformed request: 2 Host headers (expected: 1)",
                () -> RequestHead.parse(decoded(HttpVersion.HTTP_1_0, "/", "Host", "a", "Host", "b"), REMOTE));

        Request old = RequestHead.parse(decoded(HttpVersion.HTTP_1_0, "/"), REMOTE);
        assertThat(old.http10()).isTrue();
        assertThat(old.keepAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "t, true",
        "t:, true",
        "t:65535, true",
        "[::1]:80, true",
        "'', true",
        "t:65536, false",
        "t/x, false",
        "a b, false",
        "u@t, false"
    })
    void host_isANameOrAddressWithAPort(String host, boolean valid) {
        if (valid) {
            assertThat(parse("/", "Host", host).headers().get("host")).isEqualTo(host);
        } else {
            assertRejected(
                    400,
                    "malformed request: malformed Host header (expected: host or host:port)",
                    () -> parse("/", "Host", host));
        }
    }

    @Test
    void headers_areBoundedByTheirNumber() {
        String[] headers = new String[2 * 99];
        for (int i = 0; i < headers.length; i += 2) {
            headers[i] = "X-" + i;
            headers[i + 1] = "y";
        }
        assertThat(parse("/", headers).headers()).hasSize(100);

        String[] more = Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = "X";
        more[headers.length + 1] = "y";
        assertRejected(431, "too many headers (expected: at most 100)", () -> parse("/", more));
    }

    @Test
    void transferEncoding_otherThanChunked_is501_withHttp10Is400() {
        assertThat(parse("/", "Transfer-Encoding", "Chunked").path()).isEqualTo("/");
        String error = "Transfer-Encoding (expected: chunked, and nothing else)";
        assertRejected(501, error, () -> parse("/", "Transfer-Encoding", "gzip, chunked"));
        assertRejected(501, error, () -> parse("/", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"));
        assertRejected(
                400,
                "malformed request: Transfer-Encoding with HTTP/1.0",
                () -> RequestHead.parse(decoded(HttpVersion.HTTP_1_0, "/", "Transfer-Encoding", "chunked"), REMOTE));
    }

    @Test
    void body_ofAnnouncedLength_isBounded() {
        assertThat(parse("/", "Content-Length", "65536").path()).isEqualTo("/");
        assertRejected(
                413, "body too large (expected: at most 65536 bytes)", () -> parse("/", "Content-Length", "65537"));
    }

    @Test
    void expectation_is100Continue_andIgnoredOfHttp10() {
        assertThat(parse("/", "Expect", "100-Continue").path()).isEqualTo("/");
        assertRejected(417, "Expect (expected: 100-continue)", () -> parse("/", "Expect", "200-ok"));
        assertThat(RequestHead.parse(decoded(HttpVersion.HTTP_1_0, "/", "Expect", "x"), REMOTE)
                        .path())
                .isEqualTo("/");
    }

    @Test
    void decoderFailure_hasTheStatusOfItsCause() {
        HttpRequest request = decoded(HttpVersion.HTTP_1_1, "/");
        assertThat(RequestHead.rejection(request, new TooLongHttpLineException("x"))
                        .status()
                        .code())
                .isEqualTo(414);
        assertThat(RequestHead.rejection(request, new TooLongHttpHeaderException("x")))
                .hasMessage("headers too large (expected: at most 16384 bytes)");
        assertThat(RequestHead.rejection(request, new IllegalArgumentException("bad name")))
                .hasMessage("malformed request: bad name");
        assertThat(RequestHead.rejection(LastHttpContent.EMPTY_LAST_CONTENT, new TooLongHttpLineException("x")))
                .as("a line of a chunk")
                .hasMessage("malformed request: x");
        RequestRejectedException rejected = RequestHead.malformedLine();
        assertThat(RequestHead.rejection(request, rejected)).isSameAs(rejected);
        request.headers().add("Transfer-Encoding", "gzip");
        assertRejected(
                501,
                "Transfer-Encoding (expected: chunked, and nothing else)",
                () -> RequestHead.rejection(request, new IllegalArgumentException("x")));
    }

    private static Http2Headers http2(String path) {
        return new DefaultHttp2Headers()
                .method("POST")
                .path(path)
                .scheme("https")
                .authority("t:443");
    }

    @Test
    void http2_headEqualsHttp11_withAuthorityAsHost() {
        Http2Request request = Http2Request.parse(http2("/api?x=1").add("expect", "100-continue"), REMOTE);
        request.add(new byte[] {'h', 'e'});
        request.add(new byte[] {'y'});

        Request complete = request.complete();
        assertThat(request.takeContinue()).isTrue();
        assertThat(complete.method()).isEqualTo("POST");
        assertThat(complete.path()).isEqualTo("/api");
        assertThat(complete.rawQuery()).isEqualTo("x=1");
        assertThat(complete.headers().get("Host")).isEqualTo("t:443");
        assertThat(complete.headers().names()).noneMatch(name -> name.startsWith("x-http2-"));
        assertThat(complete.body()).asString().isEqualTo("hey");
    }

    @Test
    void http2_bodyAndLineAreBounded() {
        Http2Request request = Http2Request.parse(http2("/"), REMOTE);
        assertThat(request.takeContinue()).isFalse();
        assertThat(request.complete().body()).isEmpty();
        request.add(new byte[65_535]);
        request.add(new byte[1]);
        assertRejected(413, "body too large (expected: at most 65536 bytes)", () -> request.add(new byte[1]));
        assertThat(request.complete().body()).hasSize(65_536);
        assertRejected(
                414,
                "request line too long (expected: at most 8192 bytes)",
                () -> Http2Request.parse(http2("/" + "x".repeat(8_192)), REMOTE));
    }
}
