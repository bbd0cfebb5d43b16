// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.events.EventMetrics;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page that Prometheus scrapes. The families with one sample per node are written directly from the view, everything else by
 * Prometheus' client library.
 *
 * <p>Thread safety: safe.
 */
public final class MetricsPage {

    /**
     * A page, as a client requests it.
     *
     * @param gzip whether it is compressed
     */
    public record Request(MetricsFormat format, boolean gzip, FamilySelection selection) {}

    private static final int BASE_BYTES = 32_000;
    private static final int BYTES_PER_NODE = 2_800;
    /** A page may be larger by this part than the one before, without being copied. */
    private static final int MARGIN = 32;

    private final ClusterView view;
    private final TotalsCache totals;
    private final DurationTotals durations;
    private final AggregatorMetrics aggregator;
    private final LongSupplier nanoTime;
    private final PageCache<Request> pages;
    /** The sizes of the last pages of all families, which are few. */
    private final Map<Request, Integer> lastBytes = new ConcurrentHashMap<>();

    private volatile @Nullable Set<String> familyNames;

    /**
     * Creates the page of an aggregator.
     *
     * @param executor where the pages are made
     * @param nanoTime the view's monotonic clock
     */
    public MetricsPage(
            ClusterView view,
            TotalsCache totals,
            Supplier<OutlierReport> outliers,
            DurationTotals durations,
            EventMetrics events,
            LatestAlertStatus alerts,
            HttpMetrics http,
            Executor executor,
            LongSupplier nanoTime) {
        this.view = view;
        this.totals = totals;
        this.durations = durations;
        this.nanoTime = nanoTime;
        aggregator = new AggregatorMetrics(view, outliers, events, alerts, http);
        pages = new PageCache<>(view, this::make, executor, nanoTime);
    }

    /**
     * Selects families.
     *
     * @param nodes whether families with one sample per node are included
     * @param names the only families, with or without a suffix such as {@code _total}; none for all
     * @throws IllegalArgumentException if there is no family of that name
     */
    public FamilySelection select(boolean nodes, List<String> names) {
        return names.isEmpty() ? new FamilySelection(nodes, Set.of()) : FamilySelection.of(nodes, names, familyNames());
    }

    private Set<String> familyNames() {
        Set<String> known = familyNames;
        if (known == null) {
            known = families().stream().map(Families.Declared::name).collect(Collectors.toSet());
            familyNames = known;
        }
        return known;
    }

    /** Returns all families but those of extra values, in the order of the page. */
    List<Families.Declared> families() {
        Families families = new Families(new FamilySelection(false, Set.of("")));
        write(families, ClusterTotals.of(new NodeList(0, List.of(), 1)));
        return Stream.concat(
                        families.declared().stream().sorted(Comparator.comparing(Families.Declared::name)),
                        NodeFamily.ALL.stream()
                                .map(family -> new Families.Declared(
                                        family.name(), family.type().name().toLowerCase(Locale.ROOT), family.help())))
                .toList();
    }

    private void write(Families families, ClusterTotals merged) {
        new ClusterMetrics(families).write(merged, view.metrics().running(), durations);
        aggregator.write(families);
        ProcessMetrics.write(families);
    }

    /** Returns the metrics of the cluster and of this aggregator, without those of nodes. Not to be called by an event loop. */
    public MetricSnapshots withoutNodes() {
        Families families = new Families(new FamilySelection(false, Set.of()));
        ClusterTotals merged = totals.get();
        write(families, merged);
        ExtraMetrics.write(families, merged);
        return families.all();
    }

    /**
     * Returns a page; the bytes are shared, not to be changed.
     *
     * @return completed exceptionally with a {@link RejectedExecutionException} if too many different pages are requested
     */
    public CompletionStage<ByteBuffer> page(Request request) {
        return pages.get(request);
    }

    private ByteBuffer make(Request request) {
        PageBytes page = new PageBytes(expectedBytes(request));
        try (PageOutput out = request.gzip() ? new PageGzip(page) : PageOutput.plain(page)) {
            write(request, out);
        } catch (IOException e) {
            // bytes in memory always take more
            throw new UncheckedIOException(e);
        }
        if (request.selection().names().isEmpty()) {
            lastBytes.put(request, page.size());
        }
        return page.toBuffer();
    }

    private int expectedBytes(Request request) {
        Integer last = lastBytes.get(request);
        if (last != null) {
            return last + last / MARGIN;
        }
        int nodes = request.selection().nodes() ? view.size() : 0;
        int expected = BASE_BYTES + nodes * BYTES_PER_NODE;
        return request.gzip() ? expected / 3 : expected;
    }

    private void write(Request request, PageOutput out) throws IOException {
        FamilySelection selection = request.selection();
        List<KnownNode> nodes = selection.nodes() ? view.nodeList().nodes() : List.of();
        Families families = new Families(selection);
        ClusterTotals merged = totals.get();
        write(families, merged);
        ExtraMetrics.write(families, merged);
        ExtraMetrics.write(families, nodes);
        request.format().write(families.all(), out);
        List<NodeFamily> ofNodes = NodeFamily.ALL.stream()
                .filter(family -> selection.includes(family.name()))
                .toList();
        new NodeSamples(nodes, ofNodes, nanoTime.getAsLong())
                .write(request.format().nodeWriter(), out);
        request.format().writeEnd(out);
    }
}
