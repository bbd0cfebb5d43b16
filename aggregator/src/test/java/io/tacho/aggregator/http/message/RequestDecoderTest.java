// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests are the same however their bytes are split into packets. */
class RequestDecoderTest {

    private static final String GET = "GET /stats?limit=1 HTTP/1.1\r\nHost: t\r\nX: a\r\n\r\n";
    private static final String COUNTED = "POST /api/ HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = "POST /api/ HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n";

    private final RequestDecoder decoder = new RequestDecoder(InetAddress.getLoopbackAddress());
    private final ByteBuf in = Unpooled.buffer();

    @AfterEach
    void release() {
        in.release();
    }

    private List<Request> decode(String bytes, int packet) {
        List<Request> requests = new ArrayList<>();
        for (int from = 0; from < bytes.length(); from += packet) {
            in.writeBytes(bytes.substring(from, Math.min(bytes.length(), from + packet))
                    .getBytes(ISO_8859_1));
            for (Request request = decoder.next(in); request != null; request = decoder.next(in)) {
                requests.add(request);
            }
        }
        assertThat(in.isReadable()).as("all bytes are decoded").isFalse();
        assertThat(in.refCnt()).as("no piece of a body is retained").isEqualTo(1);
        return requests;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 31, 1_000})
    void packets_ofAnySize_decodeToTheSameRequests(int packet) {
        List<Request> requests = decode(GET + COUNTED + GET + CHUNKED + GET + GET, packet);

        assertThat(requests).hasSize(6);
        assertThat(requests.stream().map(Request::method)).containsExactly("GET", "POST", "GET", "POST", "GET", "GET");
        assertThat(requests.stream().map(request -> new String(request.body(), ISO_8859_1)))
                .containsExactly("", "hello", "", "hello", "", "");
        assertThat(requests.get(0).path()).isEqualTo("/stats");
        assertThat(requests.get(0).rawQuery()).isEqualTo("limit=1");
        assertThat(requests.get(0).headers().get("x")).isEqualTo("a");
    }

    @Test
    void repeatedHead_isNotParsedAgain() {
        List<Request> requests = decode(GET + GET + COUNTED + GET, 1_000);

        assertThat(requests.get(1)).isSameAs(requests.get(0));
        assertThat(requests.get(3)).isSameAs(requests.get(0));
    }

    @Test
    void headWithDifferentEnd_isParsedAgain() {
        List<Request> requests = decode(GET + GET.replace("X: a\r\n", "X: a\r\nY: b\r\n"), 1_000);

        assertThat(requests.get(1).headers().get("Y")).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "[::1]:99999", "::1]", "t:65536", "t:8x", "t:1:2", "a@b"})
    void malformedHost_isRejected(String host) {
        assertThatThrownBy(() -> decode(GET.replace("Host: t", "Host: " + host), 1_000))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessageContaining("malformed Host header (expected: host or host:port)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t:", "t:65535", "[::1]", "[::1]:80", "[fe80::1%25eth0]:80", "my_host.example.:8000"})
    void validHost_isAccepted(String host) {
        assertThat(decode(GET.replace("Host: t", "Host: " + host), 1_000)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1_000})
    void multiLineHeader_isRejected(int packet) {
        assertThatThrownBy(() -> decode("GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n b\r\n\r\n", packet))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessage("malformed request: a line begins with white space or a control character");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10000", "5, 10000", "1000, 10000",
        "1, 00000000000000000010000", "5, 00000000000000000010000", "1000, 00000000000000000010000"
    })
    void chunkAnnouncedTooLarge_isRejected(int packet, String size) {
        String head = CHUNKED.substring(0, CHUNKED.indexOf("3;"));

        assertThatThrownBy(() -> decode(head + "2\r\nab\r\n" + size + "\r\n", packet))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessage("body too large (expected: at most 65536 bytes)");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 100000003", "5, 100000003", "1000, 100000003",
        "1, 100000000", "5, 100000000", "1000, 100000000",
        "1, '2 '", "5, '2 '", "1000, '2 '",
        "1, -2", "5, -2", "1000, -2"
    })
    void chunkSizeMalformed_isRejected(int packet, String size) {
        String chunked = CHUNKED.replace("\r\n2\r\n", "\r\n" + size + "\r\n");

        assertThatThrownBy(() -> decode(chunked, packet))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessageMatching("(?i)malformed request: .*chunk size.*");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1_000})
    void contentLengthTwice_isRejectedForHttp10(int packet) {
        assertThatThrownBy(() -> decode(
                        "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
                        packet))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessage("malformed request: Multiple Content-Length values found: [0, 5]");
    }

    @Test
    void http10_keepsItsVersion() {
        List<Request> requests =
                decode(COUNTED.replace("HTTP/1.1", "HTTP/1.0") + GET.replace("HTTP/1.1", "HTTP/1.0") + COUNTED, 1_000);

        assertThat(requests.stream().map(Request::http10)).containsExactly(true, true, false);
        assertThat(requests.stream().map(Request::keepAlive)).containsExactly(false, false, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 100_000})
    void bodies_afterALargeBody_areDecoded(int packet) {
        String large = "x".repeat(60_000);
        String request = COUNTED.replace("Length: 5", "Length: 60000").replace("hello", large);

        assertThat(decode(request + CHUNKED + request + COUNTED, packet).stream()
                        .map(each -> new String(each.body(), ISO_8859_1)))
                .containsExactly(large, "hello", large, "hello");
    }

    @Test
    void expectContinue_isReportedOnceBeforeTheBody() {
        in.writeBytes(COUNTED.replace("Host", "Expect: 100-continue\r\nHost")
                .replace("hello", "")
                .getBytes(ISO_8859_1));

        assertThat(decoder.next(in)).isNull();
        assertThat(decoder.isInBody()).isTrue();
        assertThat(decoder.takeContinue()).isTrue();
        assertThat(decoder.takeContinue()).isFalse();
        assertThat(decode("hello", 5)).hasSize(1);
        assertThat(decoder.isInBody()).isFalse();
    }
}
