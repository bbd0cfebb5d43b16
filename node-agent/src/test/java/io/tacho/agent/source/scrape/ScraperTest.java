// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScraperTest {

    private static final String TEXT = "app_requests 7\n";
    private static final String TEXT_OF_NATIVE = "app_time_bucket{le=\"+Inf\"} 4\napp_time_sum 1\napp_time_count 4\n";
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Deque<CompletableFuture<Exposition>> responses = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<Runnable> delayed = new ArrayList<>();
    private final Scraper scraper = new Scraper(
            new ScrapeSettings(URI.create("http://h:8000"), null, null, null, null, TIMEOUT, Duration.ofSeconds(15)),
            new ScrapeForm("an app", "app_", List.of("requests", "time_count"), List.of("app_")),
            (preferred, limit) -> {
                requests.add(preferred + " " + limit.toMillis());
                return responses.remove();
            },
            delayed::add);

    private void respond(String text) {
        responses.add(CompletableFuture.completedFuture(Exposition.text(text)));
    }

    private void fail() {
        responses.add(CompletableFuture.failedFuture(new IllegalStateException("away")));
    }

    private static double requests(CompletableFuture<Scrape> scrape) {
        return scrape.join().sum("requests").orElseThrow();
    }

    @Test
    void firstRequest_hasLongerTimeout() {
        respond(TEXT);
        respond(TEXT);

        assertThat(requests(scraper.scrape())).isEqualTo(7);
        assertThat(requests(scraper.scrape())).isEqualTo(7);
        assertThat(requests).containsExactly("TEXT 5000", "TEXT 500");
    }

    @Test
    void failedRequest_isRetriedOnceAfterDelay() {
        fail();
        respond(TEXT);
        CompletableFuture<Scrape> scrape = scraper.scrape();
        assertThat(scrape).isNotDone();

        delayed.remove(0).run();

        assertThat(requests(scrape)).isEqualTo(7);
    }

    @Test
    void failedRetry_fails() {
        fail();
        respond("<html>\n");
        CompletableFuture<Scrape> scrape = scraper.scrape();
        delayed.remove(0).run();

        assertThat(scrape)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("none of them app_requests (expected: the metrics of an app)");
        assertThat(delayed).isEmpty();
        fail();
        scraper.scrape();
        assertThat(requests).as("no response yet").endsWith("TEXT 5000");
    }

    @Test
    void nativeHistogram_switchesToProtobuf() {
        respond(TEXT_OF_NATIVE);
        responses.add(CompletableFuture.completedFuture(NativeHistograms.exposition("app_time", 4, 1, 0, 4)));
        responses.add(CompletableFuture.completedFuture(NativeHistograms.exposition("app_time", 6, 1.5, 0, 6)));

        Scrape before = scraper.scrape().join();
        Scrape now = scraper.scrape().join();

        assertThat(requests).containsExactly("TEXT 5000", "PROTOBUF 5000", "PROTOBUF 500");
        assertThat(new Increase(before, now).durations("time", labels -> true).count())
                .isEqualTo(2);
    }

    @Test
    void nativeHistogram_serverWithTextOnly_keepsText() {
        respond(TEXT_OF_NATIVE);
        fail();
        respond(TEXT_OF_NATIVE);
        fail();

        assertThat(scraper.scrape().join().sum("time_count")).hasValue(4);
        assertThat(scraper.scrape().join().sum("time_count")).hasValue(4);
        assertThat(requests).containsExactly("TEXT 5000", "PROTOBUF 5000", "TEXT 500", "PROTOBUF 500");
    }

    @Test
    void nativeHistogram_serverDropsProtobuf_returnsToText() {
        respond(TEXT_OF_NATIVE);
        responses.add(CompletableFuture.completedFuture(NativeHistograms.exposition("app_time", 4, 1, 0, 4)));
        scraper.scrape().join();
        fail();
        respond(TEXT);
        respond(TEXT);

        CompletableFuture<Scrape> scrape = scraper.scrape();
        delayed.remove(0).run();

        assertThat(requests(scrape)).isEqualTo(7);
        assertThat(requests(scraper.scrape())).isEqualTo(7);
        assertThat(requests).containsExactly("TEXT 5000", "PROTOBUF 5000", "PROTOBUF 500", "TEXT 500", "TEXT 500");
    }

    @Test
    void nativeHistogram_firstProtobufRequestFails() {
        respond(TEXT_OF_NATIVE);
        fail();
        respond(TEXT_OF_NATIVE);
        responses.add(CompletableFuture.completedFuture(NativeHistograms.exposition("app_time", 6, 1.5, 0, 6)));
        responses.add(CompletableFuture.completedFuture(NativeHistograms.exposition("app_time", 9, 2.5, 0, 9)));
        Scrape text = scraper.scrape().join();
        Scrape first = scraper.scrape().join();
        Scrape second = scraper.scrape().join();

        assertThat(requests).containsExactly("TEXT 5000", "PROTOBUF 5000", "TEXT 500", "PROTOBUF 500", "PROTOBUF 500");

        assertThat(new Increase(text, first).durations("time", labels -> true))
                .as("increase after a change of format is unknown")
                .isNull();
        assertThat(new Increase(first, second).durations("time", labels -> true).count())
                .isEqualTo(3);
    }
}
