// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests requests before and after the page is loaded. */
class DashboardEndpointsTest {

    private static final Dashboard DASHBOARD = Dashboard.load();

    private final CompletableFuture<Dashboard> loading = new CompletableFuture<>();
    private final DashboardEndpoints endpoints = new DashboardEndpoints(loading);

    private static Request request(String version, String file) {
        return new Request(
                "GET",
                "/",
                Map.of("version", version, "file", file),
                "",
                EmptyHttpHeaders.INSTANCE,
                new byte[0],
                false,
                true,
                InetAddress.getLoopbackAddress());
    }

    private static CompletableFuture<FullResponse> later(Response response) {
        assertThat(response).isInstanceOf(AsyncResponse.class);
        CompletableFuture<FullResponse> later =
                ((AsyncResponse) response).response().toCompletableFuture();
        assertThat(later).isNotDone();
        return later;
    }

    @Test
    void page_waitsUntilItIsLoaded() {
        CompletableFuture<FullResponse> page = later(endpoints.page(request("", "")));

        loading.complete(DASHBOARD);

        assertThat(page.join().status()).isEqualTo(HttpResponseStatus.OK);
        assertThat(endpoints.page(request("", ""))).isInstanceOf(FullResponse.class);
    }

    @Test
    void file_waitsUntilItIsLoaded() {
        CompletableFuture<FullResponse> file = later(endpoints.file(request(DASHBOARD.version(), "main.js")));
        CompletableFuture<FullResponse> missing = later(endpoints.file(request("older", "main.js")));

        loading.complete(DASHBOARD);

        assertThat(file.join().status()).isEqualTo(HttpResponseStatus.OK);
        assertThatThrownBy(missing::join).hasCauseInstanceOf(RequestRejectedException.class);
        assertThatThrownBy(() -> endpoints.file(request("older", "main.js")))
                .isInstanceOf(RequestRejectedException.class);
    }
}
