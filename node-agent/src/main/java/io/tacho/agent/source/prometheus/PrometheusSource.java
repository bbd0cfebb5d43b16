// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.scrape.MetricsReader;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedSource;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The source for any program with Prometheus metrics. */
public final class PrometheusSource {

    private PrometheusSource() {}

    /**
     * Returns a source for one node.
     *
     * @param mapping a preset or a file
     * @param name the node's; null for {@code host_port}
     * @param process observes what the metrics do not contain
     * @throws IllegalArgumentException naming the invalid line of the mapping
     */
    public static NodeSource of(ScrapeSettings settings, String mapping, @Nullable String name, OtherProcess process) {
        Mapping read = Mapping.named(mapping);
        return new ScrapedSource(
                settings, read.form(), new MappedNode(read, settings, name, new ProcessSampler(), process), process);
    }

    /**
     * Returns a source for one node whose metrics are obtained in another way.
     *
     * @param reader creates the reader of the metrics that the mapping names
     * @throws IllegalArgumentException naming the invalid line of the mapping
     */
    public static NodeSource of(
            ScrapeSettings settings,
            String mapping,
            @Nullable String name,
            OtherProcess process,
            Function<ScrapeForm, MetricsReader> reader,
            LongSupplier nanoTime) {
        Mapping read = Mapping.named(mapping);
        return new ScrapedSource(
                settings,
                reader.apply(read.form()),
                new MappedNode(read, settings, name, new ProcessSampler(), process),
                process,
                nanoTime);
    }
}
