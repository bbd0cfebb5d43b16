// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeChange;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this aggregator has seen of the cluster in the last hour since its start: all numbers merged, every {@value
 * #STEP_SECONDS} s, and who came and went. In memory of its own, bounded whatever the cluster's size; no history that two
 * aggregators would agree on. While the store is away nothing is added.
 *
 * <p>Thread safety: safe; everything is done on the given executor, but for reading.
 */
public final class ClusterSeries {

    static final int STEP_SECONDS = 5;
    static final int SAMPLES = 3_600 / STEP_SECONDS;
    static final int TURNS = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(ClusterSeries.class);

    private static final List<String> FIELDS = List.of(
            "num_goroutine",
            "num_clients",
            "num_unique_clients",
            "num_channels",
            "num_msg_published",
            "num_msg_queued",
            "num_msg_sent",
            "num_api_requests",
            "num_client_requests",
            "bytes_client_in",
            "bytes_client_out",
            "time_api_mean",
            "time_client_mean",
            "time_api_max",
            "time_client_max",
            "memory_sys",
            "cpu_usage");

    /** @param values of {@link #FIELDS} */
    private record Sample(
            long atMillis,
            int nodes,
            long intervalSeconds,
            long[] values,
            @Nullable Long apiP99,
            @Nullable Long clientP99) {}

    private record Turn(long atMillis, String type, String uid, String name) {}

    private final Collector collector;
    private final ClusterView view;
    private final InstantSource clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final long sinceMillis;
    private long ticks;
    /** Up to here turns are known; none are before the first load is done: those who are there then have not just come. */
    private long version = -1;

    public ClusterSeries(Collector collector, ClusterView view, InstantSource clock) {
        this.collector = collector;
        this.view = view;
        this.clock = clock;
        sinceMillis = clock.millis();
    }

    /** Begins to remember. */
    public void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::guardedTick, 1, 1, TimeUnit.SECONDS);
    }

    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            // a task that throws would never be repeated
            logger.error("the series could not be continued", e);
        }
    }

    /** Done every second. */
    void tick() {
        if (!collector.isReady()) {
            return;
        }
        rememberTurns();
        if (ticks++ % STEP_SECONDS == 0) {
            add(sample());
        }
    }

    private synchronized void rememberTurns() {
        long now = view.version();
        if (version >= 0) {
            for (NodeChange turn : view.turns(version)) {
                LiveNode node = turn.node();
                String type = turn.kind().name().toLowerCase(Locale.ROOT);
                turns.addFirst(new Turn(clock.millis(), type, node.uid(), node.name()));
                now = Math.max(now, turn.version());
            }
            while (turns.size() > TURNS) {
                turns.removeLast();
            }
        }
        version = now;
    }

    private Sample sample() {
        List<LiveNode> nodes = view.list().nodes();
        ClusterMerge merge = new ClusterMerge(nodes);
        ObjectNode merged = ApiJson.object();
        merge.writeFields(merged);
        ObjectNode quantiles = ApiJson.object();
        merge.writeQuantiles(quantiles);
        long[] values = FIELDS.stream()
                .map(merged::path)
                // of what nodes have in common the sum, as of all else
                .mapToLong(value -> value.isObject() ? value.path("sum").asLong() : value.asLong())
                .toArray();
        return new Sample(
                clock.millis(),
                nodes.size(),
                view.list().metricsIntervalSeconds(),
                values,
                p99(quantiles.path("time_api")),
                p99(quantiles.path("time_client")));
    }

    private static @Nullable Long p99(JsonNode quantiles) {
        JsonNode p99 = quantiles.path("p99");
        return p99.isNumber() ? p99.asLong() : null;
    }

    private synchronized void add(Sample sample) {
        samples.addLast(sample);
        while (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
    }

    /** The body, UTF-8 JSON: columns of equal length, the eldest first; turns, the newest first. */
    public byte[] body() {
        ObjectNode body = ApiJson.object();
        body.put("since", sinceMillis).put("step_ms", STEP_SECONDS * 1_000);
        synchronized (this) {
            ArrayNode times = body.putArray("times");
            ArrayNode intervals = body.putArray("metrics_interval");
            ObjectNode fields = body.putObject("fields");
            ArrayNode nodes = fields.putArray("nodes");
            List<ArrayNode> columns = FIELDS.stream().map(fields::putArray).toList();
            ArrayNode apiP99 = fields.putArray("time_api_p99");
            ArrayNode clientP99 = fields.putArray("time_client_p99");
            for (Sample sample : samples) {
                times.add(sample.atMillis());
                intervals.add(sample.intervalSeconds());
                nodes.add(sample.nodes());
                for (int i = 0; i < columns.size(); i++) {
                    columns.get(i).add(sample.values()[i]);
                }
                apiP99.add(sample.apiP99());
                clientP99.add(sample.clientP99());
            }
            ArrayNode listed = body.putArray("turns");
            turns.forEach(turn -> listed.addObject()
                    .put("at", turn.atMillis())
                    .put("type", turn.type())
                    .put("uid", turn.uid())
                    .put("name", turn.name()));
        }
        return ApiJson.write(body);
    }
}
