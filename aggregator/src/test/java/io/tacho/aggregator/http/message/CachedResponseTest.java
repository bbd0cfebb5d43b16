// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests responses whose head is encoded once per second, and the date in it. */
class CachedResponseTest {

    private final ManualTicker clock = new ManualTicker(Instant.parse("2026-11-22T12:00:59.400Z"));
    private final HttpDate date = new HttpDate(clock);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static CachedResponse response(HttpResponseStatus status, ByteBuf body) {
        return new CachedResponse(status, List.of(FullResponse.JSON, new Header("ETag", "\"x\"")), body);
    }

    /** Writes the response, and returns the buffers that reach the network. */
    private List<String> write(CachedResponse response) {
        response.write(channel, date.now());
        channel.flush();
        List<String> pieces = new ArrayList<>();
        for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
            pieces.add(piece.toString(US_ASCII));
            piece.release();
        }
        return pieces;
    }

    private static String head(String second, int length) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"x\"\r\nDate: Sun, 22 Nov 2026 12:" + second
                + " GMT\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void smallBody_isOneBufferWithItsHead_encodedOncePerSecond() {
        ByteBuf body = Unpooled.copiedBuffer("{}", US_ASCII);
        CachedResponse response = response(HttpResponseStatus.OK, body);

        assertThat(write(response)).containsExactly(head("00:59", 2) + "{}");
        HttpDate.Line line = date.now();
        clock.advance(Duration.ofMillis(599));
        assertThat(date.now()).as("the same second").isSameAs(line);
        assertThat(write(response)).containsExactly(head("00:59", 2) + "{}");
        clock.advance(Duration.ofMillis(1));
        assertThat(write(response)).containsExactly(head("01:00", 2) + "{}");

        response.release();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void notModified_hasNoLength() {
        CachedResponse response = response(HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER);

        assertThat(write(response).get(0))
                .startsWith("HTTP/1.1 304 Not Modified\r\n")
                .doesNotContain("Content-Length");
        response.releaseHead();
    }

    @Test
    void releasedResponse_whileBeingSent_staysReadable() {
        ByteBuf body = Unpooled.copiedBuffer("{}", US_ASCII);
        CachedResponse response = response(HttpResponseStatus.OK, body);
        response.write(channel, date.now());
        channel.flush();

        response.release();
        response.releaseHead();

        ByteBuf sent = channel.readOutbound();
        assertThat(sent.toString(US_ASCII)).isEqualTo(head("00:59", 2) + "{}");
        sent.release();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void headReleased_isEncodedAgain() {
        CachedResponse response = response(HttpResponseStatus.OK, Unpooled.copiedBuffer("{}", US_ASCII));
        List<String> first = write(response);
        response.releaseHead();

        assertThat(write(response)).isEqualTo(first);
        response.release();
    }

    @Test
    void fullForm_hasTheSameContent_andItsOwnReference() {
        ByteBuf body = Unpooled.copiedBuffer("{}", US_ASCII);
        FullResponse full = response(HttpResponseStatus.OK, body).toFull();

        assertThat(full.headers()).extracting(Header::name).containsExactly("Content-Type", "ETag");
        assertThat(full.counted()).isTrue();
        assertThat(full.close()).isFalse();
        assertThat(body.refCnt()).isEqualTo(2);
        body.release(2);
    }

    @Test
    void fullResponse_modified_originalIsUnchanged() {
        FullResponse text = FullResponse.text(HttpResponseStatus.NOT_FOUND, "ä\n");
        FullResponse changed = text.with("X", "y").closing().uncounted();

        assertThat(text.headers()).hasSize(2);
        assertThat(text.counted()).isTrue();
        assertThat(text.close()).isFalse();
        assertThat(changed.headers())
                .extracting(Header::value)
                .containsExactly("text/plain; charset=utf-8", "nosniff", "y");
        assertThat(changed.counted()).isFalse();
        assertThat(changed.close()).isTrue();
        assertThat(changed.body().readableBytes()).as("UTF-8").isEqualTo(3);
        assertThat(FullResponse.error(HttpResponseStatus.BAD_REQUEST, "a \"b\"")
                        .body()
                        .toString(US_ASCII))
                .isEqualTo("{\"error\":{\"code\":400,\"message\":\"a \\\"b\\\"\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 'Thu, 01 Jan 1970 00:00:00 GMT', 0",
        "1969-12-31T23:59:59.999Z, 'Wed, 31 Dec 1969 23:59:59 GMT', -1",
        "2028-03-01T00:00:00Z, 'Wed, 01 Mar 2028 00:00:00 GMT', 1835481600",
        "2026-07-05T03:04:05.678Z, 'Sun, 05 Jul 2026 03:04:05 GMT', 1783220645",
    })
    void date_isRfc1123InUtc(String instant, String text, long second) {
        HttpDate.Line line = new HttpDate(new ManualTicker(Instant.parse(instant))).now();

        assertThat(line.value()).isEqualTo(text);
        assertThat(line.line()).asString().isEqualTo("Date: " + text + "\r\n");
        assertThat(line.second()).isEqualTo(second);
    }
}
