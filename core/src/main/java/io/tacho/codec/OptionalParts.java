// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.WindowDetail;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope says beside what it must, as it is read. A part that cannot be read, for it is wrong or of a later
 * version, is left out and told; all else holds.
 */
final class OptionalParts {

    /** Reads one part. */
    private interface Part<T> {
        /** @throws IllegalArgumentException if it is out of its bounds */
        T read() throws MalformedSnapshotException;
    }

    private final Fields fields;
    private final Consumer<MalformedSnapshotException> leftOut;
    private boolean told;

    /** @param leftOut is told of the first part that cannot be read */
    OptionalParts(Fields fields, Consumer<MalformedSnapshotException> leftOut) {
        this.fields = fields;
        this.leftOut = leftOut;
    }

    @Nullable
    MetricsWindow window() {
        return read(
                fields,
                OptionalFields.WINDOW_END,
                null,
                () -> new MetricsWindow(
                        fields.integer(OptionalFields.WINDOW_START), fields.integer(OptionalFields.WINDOW_END)));
    }

    NodeStatus status() {
        NodeStatus nothing = NodeStatus.UNKNOWN;
        NodeStatus host = read(
                fields, OptionalFields.HOST, nothing, () -> new NodeStatus(fields.text(OptionalFields.HOST), 0, false));
        NodeStatus interval = read(
                fields,
                OptionalFields.PUBLISH_INTERVAL,
                nothing,
                () -> new NodeStatus(null, fields.integer(OptionalFields.PUBLISH_INTERVAL), false));
        boolean draining =
                read(fields, OptionalFields.DRAINING, false, () -> fields.integer(OptionalFields.DRAINING) != 0);
        NodeStatus version = read(
                fields,
                OptionalFields.SOFTWARE_VERSION,
                nothing,
                () -> new NodeStatus(
                        null, 0, false, fields.text(OptionalFields.SOFTWARE_VERSION), Map.of(), QualityFlags.NONE));
        return new NodeStatus(
                host.host(), interval.publishIntervalMillis(), draining, version.version(), labels(), quality());
    }

    private Map<String, String> labels() {
        Set<Map.Entry<String, JsonNode>> members = members(OptionalFields.LABELS);
        if (members.isEmpty()) {
            return Map.of();
        }
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : members) {
            String value = label.getValue().textValue();
            if (labels.size() == NodeStatus.MAX_LABELS) {
                tell("labels: more than " + NodeStatus.MAX_LABELS + " (expected: at most " + NodeStatus.MAX_LABELS
                        + ")");
                break;
            } else if (value == null) {
                tell(Fields.describe("labels." + label.getKey(), label.getValue(), "a string"));
            } else if (isIn(() -> NodeStatus.requireLabel(label.getKey(), value))) {
                labels.put(label.getKey(), value);
            }
        }
        return labels;
    }

    private QualityFlags quality() {
        Set<Map.Entry<String, JsonNode>> members = members(OptionalFields.QUALITY);
        if (members.isEmpty()) {
            return QualityFlags.NONE;
        }
        Map<String, Quality> quality = new TreeMap<>();
        for (Map.Entry<String, JsonNode> flag : members) {
            if (quality.size() == QualityFlags.MAX_FLAGS) {
                tell("quality: more than " + QualityFlags.MAX_FLAGS + " flags (expected: at most "
                        + QualityFlags.MAX_FLAGS + ")");
                break;
            } else if (isIn(() -> QualityFlags.requireWireName(flag.getKey()))) {
                quality.put(flag.getKey(), Quality.of(flag.getValue().asText()));
            }
        }
        return QualityFlags.ofWireNames(quality);
    }

    private Set<Map.Entry<String, JsonNode>> members(String object) {
        return read(
                fields,
                object,
                Map.<String, JsonNode>of().entrySet(),
                () -> fields.open(object).properties());
    }

    @Nullable
    NodeTotals totals() {
        return read(fields, OptionalFields.TOTALS, null, () -> {
            Fields totals = fields.object(OptionalFields.TOTALS);
            return new NodeTotals(
                    totals.integer("num_msg_published"),
                    totals.integer("num_msg_queued"),
                    totals.integer("num_msg_sent"),
                    totals.integer("num_api_requests"),
                    totals.integer("num_client_requests"),
                    totals.integer("bytes_client_in"),
                    totals.integer("bytes_client_out"),
                    totals.integer("time_api_sum"),
                    totals.integer("time_client_sum"));
        });
    }

    WindowDetail detail() {
        Fields times = object(OptionalFields.HISTOGRAMS);
        Fields sets = object(OptionalFields.SKETCHES);
        if (times == null && sets == null) {
            return WindowDetail.NONE;
        }
        return new WindowDetail(
                mergeable(times, OptionalFields.HISTOGRAMS, OptionalFields.TIME_API),
                mergeable(times, OptionalFields.HISTOGRAMS, OptionalFields.TIME_CLIENT),
                mergeable(sets, OptionalFields.SKETCHES, OptionalFields.USERS),
                mergeable(sets, OptionalFields.SKETCHES, OptionalFields.CHANNELS));
    }

    private @Nullable Fields object(String name) {
        return read(fields, name, null, () -> fields.object(name));
    }

    private @Nullable String mergeable(@Nullable Fields object, String objectName, String name) {
        return object == null
                ? null
                : read(object, name, null, () -> WindowDetail.requireText(objectName + "." + name, object.text(name)));
    }

    private <T extends @Nullable Object> T read(Fields from, String name, T otherwise, Part<? extends T> part) {
        if (!from.has(name)) {
            return otherwise;
        }
        try {
            return part.read();
        } catch (MalformedSnapshotException | IllegalArgumentException e) {
            tell(String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    /** Whether a check lets it in. */
    private boolean isIn(Runnable check) {
        try {
            check.run();
            return true;
        } catch (IllegalArgumentException e) {
            tell(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tell(String problem) {
        if (!told) {
            told = true;
            leftOut.accept(new MalformedSnapshotException(Reason.UNREADABLE_PART, problem));
        }
    }
}
