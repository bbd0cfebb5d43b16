// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Field;
import io.tacho.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** All that is known of one node, as lines of the terminal. */
final class NodeDetails {

    private static final int LABEL_WIDTH = 30;
    private static final int VALUE_WIDTH = 14;

    private NodeDetails() {}

    /**
     * Returns the details.
     *
     * @param node as the events describe it
     * @param response of {@code /nodes/<uid>}; null before it is received
     */
    static List<String> lines(Node node, @Nullable JsonNode response, long nowSeconds) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  " + Printable.line(node.name()) + "   " + node.state().label() + "   uid "
                + Printable.line(node.uid()));
        if (response != null) {
            String identity = identity(response);
            if (!identity.isBlank()) {
                lines.add(identity);
            }
            response.path("outlier")
                    .forEach(deviation ->
                            lines.add("  outlier: " + Printable.line(ClusterStatus.deviationText(deviation))));
        }
        lines.add("");
        for (Field field : Field.NUMBERS) {
            Column column = Column.of(field);
            String quality = response == null
                    ? ""
                    : response.path("quality").path(field.wireName()).asText();
            lines.add("  " + Text.left(field.label(), LABEL_WIDTH)
                    + Text.right(column.format(node.value(column), nowSeconds), VALUE_WIDTH)
                    + (quality.isEmpty() ? "" : "   " + Printable.line(quality)));
        }
        lines.add("");
        lines.add("  Any key goes back.");
        return lines;
    }

    private static String identity(JsonNode response) {
        StringJoiner line = new StringJoiner("   ", "  ", "");
        for (String member : List.of("host", "version", "address")) {
            if (response.has(member)) {
                line.add(member + " " + Printable.line(response.path(member).asText()));
            }
        }
        response.path("labels")
                .properties()
                .forEach(label -> line.add(
                        Printable.line(label.getKey() + "=" + label.getValue().asText())));
        return line.toString();
    }
}
