// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program next to which the agent runs: scraped before every beat and at the end of every window. While it does not
 * respond, the last numbers are published and flagged as stale; after a limit the node is lost until it responds again.
 *
 * <p>Thread safety: safe.
 */
public final class ScrapedSource implements NodeSource {

    private static final Logger logger = LoggerFactory.getLogger(ScrapedSource.class);

    private final ScrapeSettings settings;
    private final MetricsReader scraper;
    private final ScrapedNode node;
    private final OtherProcess process;
    private final LongSupplier nanoTime;

    private @Nullable CompletableFuture<Void> inFlight;
    private @Nullable Scrape windowStart;
    private long windowStartNanos;
    /** The last scrape, also of a node that is lost. */
    private @Nullable Scrape latest;

    private long latestNanos;
    private WindowMetrics window = WindowMetrics.WARMING_UP;
    private @Nullable ProcessTotals windowTotals;

    /** What was counted in the last window; in that of a node that was replaced, until its last scrape. */
    private RecordedInterval counted = RecordedInterval.EMPTY;

    private boolean replaced;
    private boolean lost;
    private boolean failing;
    private boolean finishing;
    private boolean warnedOfMalformed;

    /**
     * A source for one node.
     *
     * @param node its identity and fields
     * @param process observes what the metrics do not contain
     */
    public ScrapedSource(ScrapeSettings settings, ScrapeForm form, ScrapedNode node, OtherProcess process) {
        this(settings, new Scraper(settings, form), node, process, System::nanoTime);
    }

    /**
     * A source for one node whose metrics are read in another way.
     *
     * @param scraper obtains the metrics
     * @param nanoTime monotonic clock
     */
    public ScrapedSource(
            ScrapeSettings settings,
            MetricsReader scraper,
            ScrapedNode node,
            OtherProcess process,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.scraper = scraper;
        this.node = node;
        this.process = process;
        this.nanoTime = nanoTime;
    }

    @Override
    public String describe() {
        return "node " + node.name() + " (" + node.program() + " at " + settings + ")";
    }

    @Override
    public void start(Runnable drain) {
        node.start();
    }

    @Override
    public void close() {
        node.close();
    }

    @Override
    public synchronized CompletionStage<Void> refresh() {
        if (inFlight == null || inFlight.isDone()) {
            inFlight = scraper.scrape()
                    .thenCompose(scrape -> node.prepare(latest(), scrape).thenApply(prepared -> scrape))
                    .handle((scrape, failure) -> {
                        process.refresh();
                        if (scrape == null) {
                            missed(failure);
                        } else {
                            accept(scrape);
                        }
                        return null;
                    });
        }
        return inFlight;
    }

    private synchronized @Nullable Scrape latest() {
        return latest;
    }

    private synchronized void accept(Scrape scrape) {
        if (!node.hasProcessMetrics(scrape)) {
            process.refresh();
        }
        if (failing || latest == null) {
            String version = node.version(scrape);
            logger.info("reading {}{} at {}", node.program(), version == null ? "" : " " + version, settings);
        }
        failing = false;
        if (scrape.malformed() + scrape.duplicates() > 0 && !warnedOfMalformed) {
            warnedOfMalformed = true;
            logger.warn(
                    "{} lines of the metrics are malformed and {} are duplicates; ignored, and not logged again",
                    scrape.malformed(),
                    scrape.duplicates());
        }
        long now = nanoTime.getAsLong();
        boolean another = latest != null && node.isAnother(latest, scrape);
        if (another && !replaced) {
            endWindowOfReplaced();
        }
        if (windowStart == null || another) {
            windowStart = scrape;
            windowStartNanos = now;
        }
        if (lost || another) {
            window = WindowMetrics.WARMING_UP;
        }
        lost = false;
        latest = scrape;
        latestNanos = now;
    }

    /** Retains what the previous node has counted in the open window, until its last scrape. */
    private void endWindowOfReplaced() {
        if (windowStart != null && latest != null && windowStart != latest) {
            replaced = true;
            counted = window(windowStart, latest).recorded();
            windowTotals = null;
        }
    }

    private WindowMetrics window(Scrape start, Scrape end) {
        return node.window(new Increase(start, end), (latestNanos - windowStartNanos) / 1e9);
    }

    private synchronized void missed(Throwable failure) {
        if (!failing) {
            logger.warn(
                    "no metrics from {}, its numbers are stale: {}", settings, Failures.describe(failure, settings));
        }
        failing = true;
    }

    @Override
    public synchronized void finish() {
        finishing = true;
    }

    @Override
    public synchronized boolean endWindow() {
        Scrape start = windowStart;
        Scrape end = latest;
        process.endWindow();
        if (replaced) {
            replaced = false;
            return true;
        }
        if ((failing && !finishing) || start == null || end == null || start == end) {
            return false;
        }
        window = window(start, end);
        counted = window.recorded();
        windowTotals = processTotals(node.state(end, window, false));
        windowStart = end;
        windowStartNanos = latestNanos;
        return true;
    }

    /** Returns the totals of the node's process, which its uid identifies; null if they are unknown. */
    private static @Nullable ProcessTotals processTotals(NodeState state) {
        NodeTotals totals = state.totals();
        return totals == null ? null : new ProcessTotals(state.snapshot().uid(), totals);
    }

    @Override
    public synchronized @Nullable ProcessTotals totalsAtWindowEnd() {
        return windowTotals;
    }

    @Override
    public synchronized boolean isReplaced() {
        return replaced;
    }

    @Override
    public synchronized RecordedInterval counted(RecordedInterval recorded) {
        return counted;
    }

    @Override
    public synchronized @Nullable NodeState read(RecordedInterval recorded) {
        if (latest == null || lost) {
            return null;
        }
        if (failing && nanoTime.getAsLong() - latestNanos > settings.goneAfter().toNanos()) {
            logger.warn(
                    "{} has not responded for {} s: its node is lost",
                    settings,
                    settings.goneAfter().toSeconds());
            lost = true;
            return null;
        }
        // from now on the window is of this node
        replaced = false;
        return node.state(latest, window, failing);
    }

    @Override
    public synchronized boolean isLost() {
        return lost;
    }
}
