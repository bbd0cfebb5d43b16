// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.metrics.deflate.Records;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.NodeStatus;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes families as delimited messages {@code io.prometheus.client.MetricFamily}. The numbers of fields are those of
 * Prometheus' {@code metrics.proto}.
 */
final class ProtobufNodeWriter implements NodeWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    /** Of MetricFamily. */
    private static final int NAME = 1;

    private static final int HELP = 2;
    private static final int TYPE = 3;
    private static final int METRIC = 4;
    private static final int UNIT = 5;

    /** Of Metric. */
    private static final int LABEL = 1;

    private static final int GAUGE = 2;
    private static final int COUNTER = 3;
    private static final int SUMMARY = 4;

    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

    private final PageBuffer metrics = new PageBuffer();
    private final Records records = new Records();
    private final PageBuffer value = new PageBuffer();
    private final PageBuffer head = new PageBuffer();
    private @Nullable NodeFamily family;

    @Override
    public int labels(KnownNode node, PageBuffer to) {
        label(to, "node", node.name());
        int middle = to.size();
        label(to, "uid", node.uid());
        return middle;
    }

    @Override
    public void infoLabels(KnownNode node, PageBuffer to) {
        NodeStatus status = node.envelope().status();
        if (status.host() != null) {
            label(to, "host", status.host());
        }
        status.labels().forEach((name, text) -> label(to, "label_" + name, text));
        labels(node, to);
        if (status.version() != null) {
            label(to, "version", status.version());
        }
    }

    private static void label(PageBuffer to, String name, String text) {
        byte[] nameBytes = name.getBytes(UTF_8);
        byte[] textBytes = text.getBytes(UTF_8);
        int length = lengthOfField(nameBytes.length) + lengthOfField(textBytes.length);
        tag(to, LABEL, LENGTH).putVarint(length);
        tag(to, 1, LENGTH).putVarint(nameBytes.length).put(nameBytes);
        tag(to, 2, LENGTH).putVarint(textBytes.length).put(textBytes);
    }

    /** Returns the length of a field with a content of that length: its tag, the length of the content, and the content. */
    private static int lengthOfField(int content) {
        int length = 2 + content;
        for (int rest = content >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private static PageBuffer tag(PageBuffer to, int field, int wireType) {
        return to.put((field << 3) | wireType);
    }

    @Override
    public void begin(NodeFamily next) {
        family = next;
        metrics.clear();
        records.clear();
    }

    @Override
    public void sample(int node, byte[] labels, int from, int middle, int to, long number, long count) {
        NodeFamily of = Objects.requireNonNull(family);
        value.clear();
        int field = GAUGE;
        if (count == NodeFamily.ABSENT) {
            field = of.type() == NodeFamily.Type.COUNTER ? COUNTER : GAUGE;
            tag(value, 1, FIXED64);
        } else {
            field = SUMMARY;
            tag(value, 1, VARINT).putVarint(count);
            tag(value, 2, FIXED64);
        }
        value.putDouble(number / POWERS[of.decimals()]);
        tag(metrics, METRIC, LENGTH).putVarint(to - from + lengthOfField(value.size()));
        int labelEnd = metrics.put(labels, from, to).size();
        tag(metrics, field, LENGTH).putVarint(value.size()).put(value.bytes(), 0, value.size());
        records.add(metrics.size(), node, labelEnd, to - middle, to - from);
    }

    @Override
    public void end(PageOutput out) throws IOException {
        if (metrics.size() == 0) {
            return;
        }
        NodeFamily of = Objects.requireNonNull(family);
        value.clear();
        text(
                value,
                NAME,
                of.name()
                        + (of.type() == NodeFamily.Type.INFO
                                ? "_info"
                                : of.type() == NodeFamily.Type.COUNTER ? "_total" : ""));
        text(value, HELP, of.help());
        tag(value, TYPE, VARINT).put(typeNumber(of.type()));
        if (!of.unit().isEmpty()) {
            text(value, UNIT, of.unit());
        }
        head.clear();
        head.putVarint(value.size() + metrics.size()).put(value.bytes(), 0, value.size());
        head.writeTo(out);
        out.writeRecords(metrics.bytes(), records, 1);
    }

    private static void text(PageBuffer to, int field, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        tag(to, field, LENGTH).putVarint(bytes.length).put(bytes);
    }

    private static int typeNumber(NodeFamily.Type type) {
        return switch (type) {
            case COUNTER -> 0;
            case GAUGE, INFO -> 1;
            case SUMMARY -> 2;
        };
    }
}
