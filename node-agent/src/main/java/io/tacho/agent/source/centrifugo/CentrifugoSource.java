// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.centrifugo.refresh.RefreshProxy;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The source for a Centrifugo next to which the agent runs. */
public final class CentrifugoSource {

    private static final String PREFIX = "centrifugo_";

    static final ScrapeForm FORM = new ScrapeForm(
            "a Centrifugo, v3 to v6",
            PREFIX,
            // every version has at least one of them
            List.of("node_num_clients", "node_build", "client_connections_inflight"),
            List.of(
                    PREFIX + "node_",
                    PREFIX + "client_",
                    PREFIX + "transport_connect_count",
                    PREFIX + "api_command_duration_seconds",
                    PREFIX + "transport_messages_",
                    "go_goroutines",
                    "go_sched_gomaxprocs_threads",
                    "go_memstats_sys_bytes",
                    "process_cpu_seconds_total",
                    "process_start_time_seconds"));

    private CentrifugoSource() {}

    /**
     * Creates a source for one Centrifugo.
     *
     * @param name the node's; null for {@code host_port}
     * @param process observes what the metrics do not contain
     * @param api reports uid and name of the node; null if there is none
     * @param proxy knows the connected users; null if there is none
     */
    public static NodeSource of(
            ScrapeSettings settings,
            @Nullable String name,
            OtherProcess process,
            @Nullable ServerApi api,
            @Nullable RefreshProxy proxy) {
        return new ScrapedSource(
                settings, FORM, new CentrifugoNode(settings, name, new ProcessSampler(), process, api, proxy), process);
    }
}
