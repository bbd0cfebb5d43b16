// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.aggregator.metrics.deflate.Records;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.NodeStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the text format of Prometheus, or OpenMetrics: they differ in the head of a family only. */
final class TextNodeWriter implements NodeWriter {

    private final boolean openMetrics;
    private final PageBuffer samples = new PageBuffer();
    private final Records records = new Records();
    private @Nullable NodeFamily family;
    private byte[] name = {};
    private byte[] countName = {};
    private int decimals;

    TextNodeWriter(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    @Override
    public int labels(KnownNode node, PageBuffer to) {
        to.put('{');
        int middle = label(to, "node", node.name()).size() - 1;
        label(to.put(','), "uid", node.uid()).put('}').put(' ');
        return middle;
    }

    @Override
    public void infoLabels(KnownNode node, PageBuffer to) {
        NodeStatus status = node.envelope().status();
        to.put('{');
        if (status.host() != null) {
            label(to, "host", status.host()).put(',');
        }
        for (Map.Entry<String, String> own : status.labels().entrySet()) {
            label(to, "label_" + own.getKey(), own.getValue()).put(',');
        }
        label(to, "node", node.name()).put(',');
        label(to, "uid", node.uid());
        if (status.version() != null) {
            label(to.put(','), "version", status.version());
        }
        to.put('}').put(' ');
    }

    private static PageBuffer label(PageBuffer to, String label, String value) {
        to.put(label).put('=').put('"');
        boolean plain = value.indexOf('\\') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0;
        String escaped = plain
                ? value
                : value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return to.put(escaped).put('"');
    }

    @Override
    public void begin(NodeFamily next) {
        family = next;
        decimals = next.decimals();
        samples.clear();
        records.clear();
        String sample = next.name()
                + switch (next.type()) {
                    case INFO -> "_info";
                    case COUNTER -> "_total";
                    case SUMMARY -> "_sum";
                    case GAUGE -> "";
                };
        name = sample.getBytes(US_ASCII);
        countName = (next.name() + "_count").getBytes(US_ASCII);
    }

    @Override
    public void sample(int node, byte[] labels, int from, int middle, int to, long value, long count) {
        if (count != NodeFamily.ABSENT) {
            line(countName, node, labels, from, middle, to, count, 0);
        }
        line(name, node, labels, from, middle, to, value, decimals);
    }

    private void line(byte[] sample, int node, byte[] labels, int from, int middle, int to, long number, int places) {
        int labelEnd = samples.put(sample).put(labels, from, to).size();
        samples.putDecimal(number, places).put('\n');
        records.add(samples.size(), node, labelEnd, to - middle, to - from);
    }

    @Override
    public void end(PageOutput out) throws IOException {
        if (samples.size() > 0) {
            NodeFamily of = Objects.requireNonNull(family);
            out.write(head(of).getBytes(US_ASCII));
            out.writeRecords(samples.bytes(), records, of.count() == null ? 1 : 2);
        }
    }

    private String head(NodeFamily of) {
        if (openMetrics) {
            return "# TYPE " + of.name() + " " + of.type().name().toLowerCase(Locale.ROOT) + "\n"
                    + (of.unit().isEmpty() ? "" : "# UNIT " + of.name() + " " + of.unit() + "\n")
                    + "# HELP " + of.name() + " " + of.help() + "\n";
        }
        String full = of.name()
                + (of.type() == NodeFamily.Type.INFO ? "_info" : of.type() == NodeFamily.Type.COUNTER ? "_total" : "");
        NodeFamily.Type type = of.type() == NodeFamily.Type.INFO ? NodeFamily.Type.GAUGE : of.type();
        return "# HELP " + full + " " + of.help() + "\n# TYPE " + full + " "
                + type.name().toLowerCase(Locale.ROOT) + "\n";
    }
}
