// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.sketch.DurationHistogram;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A node's window under the names that today's Centrifugo has in {@code metrics.items} of {@code info}, in their order. A
 * number that a Centrifugo has once for each value of some label we have as a whole: its name has no label.
 */
final class InfoItems {

    private static final int NANO_DIGITS = 9;

    private final JsonGenerator json;
    private final SnapshotEnvelope beat;

    InfoItems(JsonGenerator json, SnapshotEnvelope beat) {
        this.json = json;
        this.beat = beat;
    }

    /** Whether there is a window: not before the first one is over. */
    static boolean areKnown(SnapshotEnvelope beat) {
        IntervalMetrics window = beat.snapshot().metrics();
        return beat.window() != null
                || window.numMsgPublished() > 0
                || window.numMsgSent() > 0
                || window.numApiRequests() > 0
                || window.numClientRequests() > 0
                || window.bytesClientIn() > 0
                || window.bytesClientOut() > 0;
    }

    void write(int numNodes) throws IOException {
        NodeInfo info = beat.snapshot().info();
        IntervalMetrics window = beat.snapshot().metrics();
        commands(
                "api",
                window.numApiRequests(),
                window.timeApiMean(),
                beat.detail().timeApi());
        commands(
                "client",
                window.numClientRequests(),
                window.timeClientMean(),
                beat.detail().timeClient());
        if (beat.status().version() != null) {
            json.writeNumberField(
                    "centrifugo.node.build.version." + beat.status().version(), 1);
        }
        count("num_msg_published", "node.messages_sent_count.type.publication", window.numMsgPublished());
        count("num_channels", "node.num_channels", info.numChannels());
        count("num_clients", "node.num_clients", info.numClients());
        count("num_nodes", "node.num_nodes", numNodes);
        count("num_unique_clients", "node.num_users", info.numUniqueClients());
        count("bytes_client_in", "transport.messages_received_size", window.bytesClientIn());
        count("num_msg_sent", "transport.messages_sent", window.numMsgSent());
        count("bytes_client_out", "transport.messages_sent_size", window.bytesClientOut());
    }

    private void commands(String side, long count, long meanNanos, @Nullable String histogram) throws IOException {
        String name = "centrifugo." + side + ".command_duration_seconds.";
        count("num_" + side + "_requests", side + ".command_duration_seconds.count", count);
        if (isTold("time_" + side + "_mean")) {
            quantiles(name + "quantile.", histogram);
            BigDecimal nanos = BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(meanNanos));
            json.writeNumberField(name + "sum", seconds(nanos));
        }
    }

    private void quantiles(String name, @Nullable String text) throws IOException {
        if (text == null) {
            return;
        }
        DurationHistogram histogram;
        try {
            histogram = DurationHistogram.parse(text);
        } catch (IllegalArgumentException e) {
            // the rest of the node's numbers is as good as ever; /cluster tells of it
            return;
        }
        json.writeNumberField(name + "50", seconds(BigDecimal.valueOf(histogram.quantile(0.5))));
        json.writeNumberField(name + "99", seconds(BigDecimal.valueOf(histogram.quantile(0.99))));
        json.writeNumberField(name + "999", seconds(BigDecimal.valueOf(histogram.quantile(0.999))));
    }

    private static BigDecimal seconds(BigDecimal nanos) {
        return nanos.movePointLeft(NANO_DIGITS).stripTrailingZeros();
    }

    private void count(String field, String name, long value) throws IOException {
        if (isTold(field)) {
            json.writeNumberField("centrifugo." + name, value);
        }
    }

    private boolean isTold(String field) {
        return beat.status().quality().byWireName().get(field) != Quality.UNAVAILABLE;
    }
}
