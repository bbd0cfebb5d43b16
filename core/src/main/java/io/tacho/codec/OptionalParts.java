// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the optional parts of an envelope. A part that is malformed or of a later version is left out and reported; all others
 * hold.
 */
final class OptionalParts {

    /** Reads one part. */
    private interface Part<T> {
        /** @throws IllegalArgumentException if it is out of its bounds */
        T read() throws MalformedSnapshotException;
    }

    private final Fields fields;
    private final Consumer<MalformedSnapshotException> leftOut;
    private boolean reported;

    /** @param leftOut receives the first part that is unreadable */
    OptionalParts(Fields fields, Consumer<MalformedSnapshotException> leftOut) {
        this.fields = fields;
        this.leftOut = leftOut;
    }

    @Nullable
    MetricsWindow window() {
        return read(
                fields,
                Member.WINDOW_END,
                null,
                () -> new MetricsWindow(fields.integer(Member.WINDOW_START), fields.integer(Member.WINDOW_END)));
    }

    NodeStatus status() {
        NodeStatus nothing = NodeStatus.UNKNOWN;
        NodeStatus host = read(fields, Member.HOST, nothing, () -> new NodeStatus(fields.text(Member.HOST), 0, false));
        NodeStatus interval = read(
                fields,
                Member.PUBLISH_INTERVAL,
                nothing,
                () -> new NodeStatus(null, fields.integer(Member.PUBLISH_INTERVAL), false));
        boolean draining = read(fields, Member.DRAINING, false, () -> fields.integer(Member.DRAINING) != 0);
        NodeStatus version = read(
                fields,
                Member.SOFTWARE_VERSION,
                nothing,
                () -> new NodeStatus(
                        null, 0, false, fields.text(Member.SOFTWARE_VERSION), Map.of(), QualityFlags.NONE));
        NodeStatus address =
                read(fields, Member.ADDRESS, nothing, () -> nothing.withAddress(fields.text(Member.ADDRESS)));
        NodeStatus capacity =
                read(fields, Member.CAPACITY, nothing, () -> nothing.withCapacity(fields.integer(Member.CAPACITY)));
        NodeStatus command =
                read(fields, Member.COMMAND, nothing, () -> nothing.withCommand(fields.text(Member.COMMAND)));
        return new NodeStatus(
                host.host(),
                interval.publishIntervalMillis(),
                draining,
                version.version(),
                labels(),
                quality(),
                writer(),
                address.address(),
                capacity.capacity(),
                command.command());
    }

    @Nullable
    String writer() {
        return read(
                        fields,
                        Member.WRITER,
                        NodeStatus.UNKNOWN,
                        () -> NodeStatus.UNKNOWN.withWriter(fields.text(Member.WRITER)))
                .writer();
    }

    private Map<String, String> labels() {
        Set<Map.Entry<String, JsonNode>> members = members(Member.LABELS);
        if (members.isEmpty()) {
            return Map.of();
        }
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : members) {
            String value = label.getValue().textValue();
            if (labels.size() == NodeStatus.MAX_LABELS) {
                report("labels: more than " + NodeStatus.MAX_LABELS + " (expected: at most " + NodeStatus.MAX_LABELS
                        + ")");
                break;
            } else if (value == null) {
                report(Fields.describe("labels." + label.getKey(), label.getValue(), "a string"));
            } else if (passes(() -> NodeStatus.requireLabel(label.getKey(), value))) {
                labels.put(label.getKey(), value);
            }
        }
        return labels;
    }

    private QualityFlags quality() {
        Set<Map.Entry<String, JsonNode>> members = members(Member.QUALITY);
        if (members.isEmpty()) {
            return QualityFlags.NONE;
        }
        Map<String, Quality> quality = new TreeMap<>();
        for (Map.Entry<String, JsonNode> flag : members) {
            if (quality.size() == QualityFlags.MAX_FLAGS) {
                report("quality: more than " + QualityFlags.MAX_FLAGS + " flags (expected: at most "
                        + QualityFlags.MAX_FLAGS + ")");
                break;
            } else if (passes(() -> QualityFlags.requireWireName(flag.getKey()))) {
                quality.put(flag.getKey(), Quality.of(flag.getValue().asText()));
            }
        }
        return QualityFlags.ofWireNames(quality);
    }

    private Set<Map.Entry<String, JsonNode>> members(Member object) {
        return read(
                fields,
                object,
                Map.<String, JsonNode>of().entrySet(),
                () -> fields.open(object).properties());
    }

    @Nullable
    NodeTotals totals() {
        return read(fields, Member.TOTALS, null, () -> {
            Fields totals = fields.object(Member.TOTALS);
            return NodeTotals.of(total -> totals.integer(total));
        });
    }

    WindowDetail detail() {
        Fields times = object(Member.HISTOGRAMS);
        Fields ids = object(Member.SKETCHES);
        Extras extras = extras();
        if (times == null && ids == null && extras.byName().isEmpty()) {
            return WindowDetail.NONE;
        }
        return new WindowDetail(
                value(times, Member.HISTOGRAMS, 0, Encoded::histogram),
                value(times, Member.HISTOGRAMS, 1, Encoded::histogram),
                value(ids, Member.SKETCHES, 0, Encoded::hyperLogLog),
                value(ids, Member.SKETCHES, 1, Encoded::hyperLogLog),
                extras);
    }

    private Extras extras() {
        Set<Map.Entry<String, JsonNode>> members = members(Member.EXTRAS);
        if (members.isEmpty()) {
            return Extras.NONE;
        }
        Map<String, Extra> extras = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : members) {
            if (extras.size() == Extras.MAX_EXTRAS) {
                report("extras: more than " + Extras.MAX_EXTRAS + " (expected: at most " + Extras.MAX_EXTRAS + ")");
                break;
            }
            passes(() -> extras.put(
                    Extras.requireName(member.getKey()), ExtrasJson.read(member.getKey(), member.getValue())));
        }
        return new Extras(extras);
    }

    private @Nullable Fields object(Member object) {
        return read(fields, object, null, () -> fields.object(object));
    }

    private <T> @Nullable Encoded<T> value(
            @Nullable Fields object, Member parent, int place, Function<byte[], Encoded<T>> form) {
        if (object == null || !object.has(place)) {
            return null;
        }
        String name = parent.wireName() + "." + object.shape().name(place);
        return readPart(null, () -> form.apply(Base64Text.decode(name, object.text(place))));
    }

    private <T extends @Nullable Object> T read(Fields from, Member member, T otherwise, Part<? extends T> part) {
        return from.has(member) ? readPart(otherwise, part) : otherwise;
    }

    private <T extends @Nullable Object> T readPart(T otherwise, Part<? extends T> part) {
        try {
            return part.read();
        } catch (MalformedSnapshotException | IllegalArgumentException e) {
            report(String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    /** {@return whether it passes a check; reports it if not} */
    private boolean passes(Runnable check) {
        try {
            check.run();
            return true;
        } catch (IllegalArgumentException e) {
            report(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void report(String problem) {
        if (!reported) {
            reported = true;
            leftOut.accept(new MalformedSnapshotException(Reason.UNREADABLE_PART, problem));
        }
    }
}
