// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedGzipTest {

    private static final long SEQ = 1_795_368_000_000L;
    private static final int LARGE = 500;

    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong gzipClock = new AtomicLong();
    /** The time that passes between two readings of the compressor's clock. */
    private final AtomicLong gzipStep = new AtomicLong();

    private final ClusterView view = new ClusterView(new SnapshotCodec(), clock::get, 1_000);
    private final CachedBody source = new CachedBody(
            new StatsResponse(view), null, new RetainedBodyBudget(clock::get), Runnable::run, clock::get);
    private final ManualScheduler executor = new ManualScheduler();
    private final CachedGzip gzip = new CachedGzip(source, () -> gzipClock.addAndGet(gzipStep.get()), executor);

    @AfterEach
    void close() {
        gzip.close();
        source.close();
    }

    private void load(int nodes, long seq) {
        for (int i = 0; i < nodes; i++) {
            view.onLoaded(Snapshots.stored(String.format("00000000-0000-4000-8000-%012d", i), seq));
        }
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }

    private Response respond() {
        return gzip.respond(lease -> FullResponse.of(HttpResponseStatus.OK, "application/json", lease.body()));
    }

    private static CompletableFuture<FullResponse> async(Response response) {
        return ((AsyncResponse) response).response().toCompletableFuture();
    }

    private ByteBuf body() {
        Response response = respond();
        executor.runPending();
        return (response instanceof FullResponse full ? full : async(response).join()).body();
    }

    private String plain() {
        Lease lease = source.acquire();
        try {
            return lease.body().toString(UTF_8);
        } finally {
            lease.release();
        }
    }

    private static String unzipped(ByteBuf compressed) throws IOException {
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteBufInputStream(compressed.duplicate()))) {
            return new String(unzipped.readAllBytes(), UTF_8);
        }
    }

    @Test
    void smallBody_isCompressedImmediately_oncePerVersion() throws IOException {
        load(3, SEQ);
        ByteBuf first = body();
        assertThat(respond()).isInstanceOfSatisfying(FullResponse.class, full -> {
            assertThat(full.body()).isSameAs(first);
            full.body().release();
        });
        assertThat(unzipped(first)).isEqualTo(plain()).contains("000000000002");

        load(4, SEQ + 1);
        ByteBuf second = body();
        assertThat(unzipped(second)).isEqualTo(plain()).contains("000000000003");
        assertThat(unzipped(first)).as("response to the slow client").doesNotContain("000000000003");
        first.release();
        second.release();
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).as("the next request has it").isOne();
    }

    @Test
    void largeBody_concurrentRequests_shareOneCompression() throws IOException {
        load(LARGE, SEQ);
        ByteBuf first = body();
        assertThat(unzipped(first)).isEqualTo(plain());
        assertThat(respond()).isInstanceOfSatisfying(FullResponse.class, full -> {
            assertThat(full.body()).isSameAs(first);
            full.body().release();
        });
        first.release();

        load(LARGE + 1, SEQ + 1);
        Response one = respond();
        Response other = respond();
        executor.runPending();
        ByteBuf second = async(one).join().body();
        assertThat(second).isSameAs(async(other).join().body()).isNotSameAs(first);
        assertThat(unzipped(second)).isEqualTo(plain());
        assertThat(first.refCnt()).isZero();
        second.release(2);
    }

    @Test
    void largeBody_pausesAsLongAsTheLastCompression_closeFailsPendingRequests() {
        load(LARGE, SEQ);
        gzipStep.set(TimeUnit.HOURS.toNanos(3));
        ByteBuf first = body();
        gzipStep.set(0);
        load(LARGE + 1, SEQ + 1);
        CompletableFuture<FullResponse> waiting = async(respond());
        executor.advance(Duration.ofHours(2));
        assertThat(waiting).isNotDone();

        gzip.close();

        assertThatThrownBy(waiting::join).hasRootCauseMessage("closed");
        assertThat(first.refCnt()).as("the client's").isOne();
        first.release();
    }

    @Test
    void compressionFails_allPendingRequestsFail() {
        load(LARGE, SEQ);
        CompletableFuture<FullResponse> waiting = async(gzip.respond(lease -> {
            lease.release();
            throw new IllegalStateException("no response");
        }));
        executor.runPending();

        assertThatThrownBy(waiting::join).hasRootCauseMessage("no response");
        ByteBuf next = body();
        next.release();
        assertThat(next.refCnt()).isOne();
    }

    @Test
    void close_freesTheCompressedBody() {
        load(3, SEQ);
        ByteBuf body = body();
        body.release();
        gzip.close();

        assertThat(body.refCnt()).isZero();
    }
}
