// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Scrapes a program. A failed request is repeated once, soon. The first response has more time than later ones, because both
 * programs may just have been started. Native histograms are not in the text format: if their traces are found there, the other
 * format is requested, and from then on if that succeeds, until it fails.
 *
 * <p>Thread safety: one scrape at a time.
 */
final class Scraper implements MetricsReader {

    private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 100;

    /** Requests metrics. */
    interface Fetch {
        CompletableFuture<Exposition> fetch(Exposition.Format preferred, Duration limit);
    }

    private final ScrapeSettings settings;
    private final ScrapeForm form;
    private final Fetch metrics;
    private final Executor soon;

    private volatile boolean responded;
    private volatile Exposition.Format preferred = Exposition.Format.TEXT;

    Scraper(ScrapeSettings settings, ScrapeForm form) {
        this(
                settings,
                form,
                new MetricsClient(settings)::fetch,
                CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * Creates a scraper.
     *
     * @param soon runs tasks after a short delay
     */
    Scraper(ScrapeSettings settings, ScrapeForm form, Fetch metrics, Executor soon) {
        this.settings = settings;
        this.form = form;
        this.metrics = metrics;
        this.soon = soon;
    }

    static Duration firstTimeout(ScrapeSettings settings) {
        return settings.timeout().compareTo(FIRST_TIMEOUT) > 0 ? settings.timeout() : FIRST_TIMEOUT;
    }

    @Override
    public CompletableFuture<Scrape> scrape() {
        return attempt(responded ? settings.timeout() : firstTimeout(settings))
                .exceptionallyCompose(failure ->
                        CompletableFuture.runAsync(() -> {}, soon).thenCompose(done -> attempt(settings.timeout())))
                .thenApply(scrape -> {
                    responded = true;
                    return scrape;
                });
    }

    private CompletableFuture<Scrape> attempt(Duration limit) {
        if (preferred == Exposition.Format.PROTOBUF) {
            return fetch(Exposition.Format.PROTOBUF, limit).whenComplete((scrape, failure) -> {
                if (failure != null) {
                    // perhaps the program has another version now; the text shows whether it still has native
                    // histograms
                    preferred = Exposition.Format.TEXT;
                }
            });
        }
        return fetch(Exposition.Format.TEXT, limit)
                .thenCompose(scrape -> scrape.lacksBuckets() && MetricsProtobuf.isAvailable()
                        ? fetchNative(limit).exceptionally(failure -> scrape)
                        : CompletableFuture.completedFuture(scrape));
    }

    private CompletableFuture<Scrape> fetchNative(Duration limit) {
        return fetch(Exposition.Format.PROTOBUF, limit).thenApply(scrape -> {
            preferred = Exposition.Format.PROTOBUF;
            return scrape;
        });
    }

    private CompletableFuture<Scrape> fetch(Exposition.Format format, Duration limit) {
        return metrics.fetch(format, limit).thenApply(exposition -> Scrape.parse(exposition, form));
    }
}
