// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rows of the runbook in OPERATING.md, by the text of the log line that each explains. */
final class Runbook {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    /** Matches a variable part of a line. */
    private static final String VARIABLE = "…";

    /** The rows, most specific first. */
    private static final Comparator<String> SPECIFIC =
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private final Map<String, Pattern> rows;

    private Runbook(Map<String, Pattern> rows) {
        this.rows = rows;
    }

    static Runbook read() throws IOException {
        Map<String, Pattern> rows = new TreeMap<>(SPECIFIC);
        ROW.matcher(Files.readString(Path.of("..", "OPERATING.md")))
                .results()
                .map(row -> row.group(1))
                .forEach(text -> rows.put(text, line(text)));
        return new Runbook(rows);
    }

    private static Pattern line(String text) {
        return Pattern.compile(
                Arrays.stream(text.split(VARIABLE, -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** {@return whether there is a row for a text of the source code, with its placeholders} */
    boolean explains(String format) {
        return rows.containsKey(format.replace("{}", VARIABLE));
    }

    /** {@return the row of a line as it was logged, without time, level and logger} */
    Optional<String> rowOf(String line) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().matcher(line).matches())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
