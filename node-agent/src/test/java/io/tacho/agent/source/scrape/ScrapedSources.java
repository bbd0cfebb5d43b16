// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.source.NodeSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sources that read given pages, for tests of other packages. */
public final class ScrapedSources {

    private ScrapedSources() {}

    public static NodeSource of(
            ScrapeSettings settings,
            ScrapeForm form,
            ScrapedNode node,
            Supplier<CompletableFuture<String>> metrics,
            LongSupplier nanoTime) {
        Scraper scraper = new Scraper(
                settings, form, (preferred, limit) -> metrics.get().thenApply(Exposition::text), Runnable::run);
        return new ScrapedSource(settings, scraper, node, OtherProcess.none(), nanoTime);
    }

    /** Returns a source that reads given pages in the protobuf format. */
    public static NodeSource ofProtobuf(
            ScrapeSettings settings,
            ScrapeForm form,
            ScrapedNode node,
            Supplier<byte[]> metrics,
            LongSupplier nanoTime) {
        Scraper scraper = new Scraper(
                settings,
                form,
                (preferred, limit) ->
                        CompletableFuture.completedFuture(new Exposition(Exposition.Format.PROTOBUF, metrics.get())),
                Runnable::run);
        return new ScrapedSource(settings, scraper, node, OtherProcess.none(), nanoTime);
    }
}
