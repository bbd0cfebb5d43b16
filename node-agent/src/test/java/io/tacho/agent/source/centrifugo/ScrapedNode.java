// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedSources;
import io.tacho.testing.ManualTicker;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A simulated Centrifugo whose metrics a test sets, with its source and clock. */
final class ScrapedNode {

    static final ScrapeSettings SETTINGS = new ScrapeSettings(
            URI.create("http://rt-1.example:8000/metrics"),
            null,
            null,
            null,
            null,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15));

    private final ManualTicker ticker = new ManualTicker();
    private String response;
    private final NodeSource source = ScrapedSources.of(SETTINGS, CentrifugoSource.FORM, form(), this::respond, ticker);

    private CompletableFuture<String> respond() {
        return response == null
                ? CompletableFuture.failedFuture(new IllegalStateException("no response"))
                : CompletableFuture.completedFuture(response);
    }

    ManualTicker ticker() {
        return ticker;
    }

    NodeSource source() {
        return source;
    }

    /** Scrapes the node; the response is this text, or a failure if null. */
    void scrape(String text) {
        response = text;
        source.refresh();
    }

    NodeState read() {
        return source.read(RecordedInterval.EMPTY);
    }

    /** Returns the metrics of a node with 7 clients, and these lines. */
    static String metrics(long startedAt, String... lines) {
        return """
                centrifugo_node_num_clients 7
                centrifugo_node_build{version="6.9.1 OSS"} 1
                process_start_time_seconds %d
                process_cpu_seconds_total 10
                """.formatted(startedAt) + String.join("\n", lines) + "\n";
    }

    /** Returns the state after two responses a minute apart. */
    static NodeState after(String first, String second) {
        ScrapedNode node = new ScrapedNode();
        node.scrape(first);
        node.ticker.advance(Duration.ofSeconds(60));
        node.scrape(second);
        assertThat(node.source.endWindow()).isTrue();
        return node.read();
    }

    static CentrifugoNode form() {
        return new CentrifugoNode(SETTINGS, null, new ProcessSampler(), OtherProcess.none(), null, null);
    }
}
