// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Header;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.Snapshots;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsEndpointTest {

    private static final int LARGE = 500;

    private final ClusterView view = new ClusterView(new SnapshotCodec(), () -> 0, 1_000);
    private final ResponseCache cache = new ResponseCache(new StatsResponse(view), () -> 0);
    private final StatsEndpoint endpoint = new StatsEndpoint(cache, new ReadyResponse(view));

    @BeforeEach
    void connect() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private void load(int nodes) {
        for (int i = 0; i < nodes; i++) {
            view.onLoaded(Snapshots.stored("u" + i, 1));
        }
    }

    private Response get(String... headers) {
        DefaultHttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.set(headers[i], headers[i + 1]);
        }
        return endpoint.respond(new Request(
                "GET", "/stats", Map.of(), "", all, new byte[0], false, true, InetAddress.getLoopbackAddress()));
    }

    private static String tag(FullResponse response) {
        return response.headers().stream()
                .filter(header -> header.name().equals("ETag"))
                .map(Header::value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void smallBody_isReusedByTheEventLoop() {
        load(3);

        assertThat(get()).isInstanceOf(CachedResponse.class).isSameAs(get());
    }

    @Test
    void largeBody_isRetainedOnlyByResponsesThatAreBeingSent() {
        load(LARGE);
        FullResponse first = (FullResponse) get();
        FullResponse second = (FullResponse) get();

        first.body().release();
        assertThat(second.body().refCnt()).as("the cache's and this one's").isEqualTo(2);
        second.body().release();

        assertThat(second.body().refCnt()).as("the cache's").isEqualTo(1);
    }

    @Test
    void clusterThatGrows_smallBodyOfBefore_isReleased() {
        load(3);
        CachedResponse small = (CachedResponse) get();
        FullResponse before = small.toFull();

        load(LARGE);
        ((FullResponse) get()).body().release();

        assertThat(before.body().refCnt())
                .as("the cache's, for the next body, and this one's")
                .isEqualTo(2);
        before.body().release();
    }

    @Test
    void largeBody_thatTheClientHas_isNotSent_andNotRetained() {
        load(LARGE);
        FullResponse full = (FullResponse) get();

        FullResponse unchanged = (FullResponse) get("If-None-Match", tag(full));

        assertThat(unchanged.status()).isEqualTo(HttpResponseStatus.NOT_MODIFIED);
        assertThat(unchanged.body().isReadable()).isFalse();
        assertThat(full.body().refCnt()).isEqualTo(2);
        full.body().release();
    }

    @Test
    void largeBody_isCompressedForClientsThatAcceptIt() {
        load(LARGE);

        Response response = get("Accept-Encoding", "gzip");

        FullResponse compressed = response instanceof AsyncResponse async
                ? async.response().toCompletableFuture().join()
                : (FullResponse) response;
        assertThat(compressed.headers()).contains(new Header("Content-Encoding", "gzip"));
        compressed.body().release();
    }
}
