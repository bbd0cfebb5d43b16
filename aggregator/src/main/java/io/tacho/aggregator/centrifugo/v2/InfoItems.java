// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The window of a node with the names of today's Centrifugo in {@code metrics.items} of {@code info}, in their order. A
 * number that Centrifugo has once for each value of a label is reported as a whole: its name has no label.
 */
final class InfoItems {

    private static final int NANO_DIGITS = 9;

    private final JsonGenerator json;
    private final SnapshotEnvelope beat;
    private final WindowDetail detail;

    InfoItems(JsonGenerator json, KnownNode node) {
        this.json = json;
        beat = node.envelope();
        detail = node.detail();
    }

    /** Returns whether there is a window: not before the end of the first one. */
    static boolean areKnown(SnapshotEnvelope beat) {
        return beat.window() != null
                || Field.NUMBERS.stream()
                        .anyMatch(field -> field.kind() == Field.Kind.COUNTER
                                && beat.snapshot().number(field) > 0);
    }

    void write(int numNodes) throws IOException {
        for (RequestKind requests : RequestKind.values()) {
            commands(requests, detail.times(requests));
        }
        if (beat.status().version() != null) {
            json.writeNumberField(
                    "centrifugo.node.build.version." + beat.status().version(), 1);
        }
        count(Field.NUM_MSG_PUBLISHED, "node.messages_sent_count.type.publication");
        count(Field.NUM_CHANNELS, "node.num_channels");
        count(Field.NUM_CLIENTS, "node.num_clients");
        json.writeNumberField("centrifugo.node.num_nodes", numNodes);
        count(Field.NUM_UNIQUE_CLIENTS, "node.num_users");
        count(Field.BYTES_CLIENT_IN, "transport.messages_received_size");
        count(Field.NUM_MSG_SENT, "transport.messages_sent");
        count(Field.BYTES_CLIENT_OUT, "transport.messages_sent_size");
    }

    private void commands(RequestKind requests, @Nullable Encoded<DurationHistogram> histogram) throws IOException {
        String name = requests.label() + ".command_duration_seconds.";
        count(requests.count(), name + "count");
        if (beat.status().quality().isAvailable(requests.mean())) {
            quantiles("centrifugo." + name + "quantile.", histogram);
            BigDecimal nanos = BigDecimal.valueOf(beat.snapshot().number(requests.count()))
                    .multiply(BigDecimal.valueOf(beat.snapshot().number(requests.mean())));
            json.writeNumberField("centrifugo." + name + "sum", seconds(nanos));
        }
    }

    private void quantiles(String name, @Nullable Encoded<DurationHistogram> encoded) throws IOException {
        DurationHistogram histogram =
                encoded == null ? null : encoded.decodeIfReadable().orElse(null);
        if (histogram == null) {
            // the other numbers of the node are valid; /cluster reports an unreadable histogram
            return;
        }
        json.writeNumberField(name + "50", seconds(BigDecimal.valueOf(histogram.quantile(0.5))));
        json.writeNumberField(name + "99", seconds(BigDecimal.valueOf(histogram.quantile(0.99))));
        json.writeNumberField(name + "999", seconds(BigDecimal.valueOf(histogram.quantile(0.999))));
    }

    private static BigDecimal seconds(BigDecimal nanos) {
        return nanos.movePointLeft(NANO_DIGITS).stripTrailingZeros();
    }

    private void count(Field field, String name) throws IOException {
        if (beat.status().quality().isAvailable(field)) {
            json.writeNumberField("centrifugo." + name, beat.snapshot().number(field));
        }
    }
}
