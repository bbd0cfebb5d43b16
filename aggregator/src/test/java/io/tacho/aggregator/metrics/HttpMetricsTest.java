// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.aggregator.metrics.HttpMetrics.StatusClass;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Each request is counted once, by the status that the client receives. */
class HttpMetricsTest {

    private final HttpMetrics.Responses counts = new HttpMetrics().endpoint("/stats");

    private Response respond(Endpoint endpoint) {
        return new Router.Routed(Request.none(), endpoint, counts).respond();
    }

    private static FullResponse later(Response response) {
        return ((AsyncResponse) response).response().toCompletableFuture().join();
    }

    private void assertCounted(StatusClass expected) {
        assertThat(Arrays.stream(StatusClass.values()).filter(each -> counts.count(each) > 0))
                .containsExactly(expected);
        assertThat(counts.count(expected)).isEqualTo(1);
    }

    private static RequestRejectedException rejection() {
        return new RequestRejectedException(HttpResponseStatus.NOT_FOUND, "no such file");
    }

    @Test
    void rejectedRequest_isAClientError() {
        Response response = respond(request -> {
            throw rejection();
        });

        assertThat(response).extracting(full -> ((FullResponse) full).status()).isEqualTo(HttpResponseStatus.NOT_FOUND);
        assertCounted(StatusClass.CLIENT_ERROR);
    }

    @Test
    void requestRejectedLater_isAClientError_onceItIsKnown() {
        CompletableFuture<FullResponse> pending = new CompletableFuture<>();
        Response response = respond(request -> new AsyncResponse(pending.thenApply(page -> page)));
        assertThat(counts.count(StatusClass.CLIENT_ERROR)).isZero();

        pending.completeExceptionally(rejection());

        assertThat(later(response).status()).isEqualTo(HttpResponseStatus.NOT_FOUND);
        assertCounted(StatusClass.CLIENT_ERROR);
    }

    @Test
    void requestThatFailsLater_isAServerError_andClosesTheConnection() {
        Response response = respond(
                request -> new AsyncResponse(CompletableFuture.failedFuture(new IllegalStateException("broken"))));

        assertThat(later(response).status()).isEqualTo(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        assertThat(later(response).close()).isTrue();
        assertCounted(StatusClass.SERVER_ERROR);
    }

    @Test
    void unchangedCachedResponse_isARedirection() {
        respond(request -> new CachedResponse(HttpResponseStatus.NOT_MODIFIED, List.of(), Unpooled.EMPTY_BUFFER));

        assertCounted(StatusClass.REDIRECTION);
    }
}
