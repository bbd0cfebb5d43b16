// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {

    private static final class Response implements Flow.Subscription {

        private long requested;
        private boolean cancelled;

        @Override
        public void request(long count) {
            requested += count;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private final Response response = new Response();
    private final BoundedBody body = new BoundedBody(8);
    private final CompletableFuture<byte[]> bytes = body.getBody().toCompletableFuture();

    private void receive(String... parts) {
        for (String part : parts) {
            body.onNext(List.of(ByteBuffer.wrap(part.getBytes(UTF_8))));
        }
    }

    @Test
    void parts_areConcatenated() {
        body.onSubscribe(response);
        assertThat(response.requested).isPositive();
        body.onNext(List.of(
                ByteBuffer.wrap("ab".getBytes(UTF_8)),
                ByteBuffer.wrap("cd".getBytes(UTF_8)).asReadOnlyBuffer()));
        receive("", "efgh");
        assertThat(bytes).isNotDone();
        body.onComplete();

        assertThat(bytes).isCompleted();
        assertThat(bytes.join()).isEqualTo("abcdefgh".getBytes(UTF_8));
        assertThat(response.cancelled).isFalse();
    }

    @Test
    void emptyBody_isComplete() {
        body.onSubscribe(response);
        body.onComplete();

        assertThat(bytes).isCompleted();
        assertThat(bytes.join()).isEmpty();
    }

    @Test
    void bodyTooLarge_isCancelledAndReported() {
        body.onSubscribe(response);
        receive("abcd", "efghi");
        body.onComplete();

        assertThat(response.cancelled).isTrue();
        assertThat(bytes)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalArgumentException.class)
                .withMessage("response of more than 8 bytes (expected: less)");
    }

    @Test
    void failure_failsBody() {
        body.onSubscribe(response);
        receive("abcd");
        body.onError(new IOException("reset"));

        assertThat(bytes)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessage("reset");
    }
}
