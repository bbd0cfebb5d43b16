// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.TextFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of settings: Java properties in UTF-8, whose keys are the options' names without their dashes.
 *
 * @param values the values by key
 * @param errors the errors, each with its line, the found and the expected value
 */
record SettingsFile(Map<String, ResolvedValue> values, List<String> errors) {

    static final SettingsFile NONE = new SettingsFile(Map.of(), List.of());

    private static final Pattern COMMENT = Pattern.compile("\\s*[#!].*");

    /** An odd number of backslashes at the end. */
    private static final Pattern CONTINUED = Pattern.compile("(.*[^\\\\])?\\\\(\\\\\\\\)*");

    SettingsFile {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        errors = List.copyOf(errors);
    }

    /**
     * Reads and parses a file.
     *
     * @param known the valid keys
     * @throws IllegalArgumentException naming the file, if it is not readable
     */
    static SettingsFile read(Path path, Collection<String> known) {
        List<String> lines;
        try {
            lines = TextFiles.read(path).lines().toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "config: cannot read " + path + ", " + TextFiles.cause(e)
                            + " (expected: a readable file of properties, UTF-8)",
                    e);
        }
        Map<String, ResolvedValue> values = new LinkedHashMap<>();
        List<String> errors = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            String place = path + ":" + (at + 1);
            StringBuilder line = new StringBuilder(lines.get(at));
            while (at + 1 < lines.size() && isContinued(lines.get(at), line)) {
                at++;
                line.append('\n').append(lines.get(at));
            }
            try {
                properties(line.toString(), place).forEach((name, value) -> {
                    String key = name.toString();
                    requireKnown(key, known, place);
                    ResolvedValue before = values.put(
                            key, ResolvedValue.line(place, key, value.toString().strip()));
                    if (before != null) {
                        throw new IllegalArgumentException(
                                place + ": " + key + ": given before, " + before.origin() + " (expected: once)");
                    }
                });
            } catch (IllegalArgumentException e) {
                errors.add(e.getMessage());
            }
        }
        return new SettingsFile(values, errors);
    }

    private static boolean isContinued(String last, CharSequence whole) {
        return CONTINUED.matcher(last).matches() && !COMMENT.matcher(whole).matches();
    }

    /** Returns the property of the line, if it has one, as the JDK reads it. */
    private static Properties properties(String line, String place) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(line));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    place + ": malformed escape (expected: a backslash, u and four hex digits)", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static void requireKnown(String key, Collection<String> known, String place) {
        if (known.contains(key)) {
            return;
        }
        String nearest = SettingNames.nearest(key, known);
        throw new IllegalArgumentException(place + ": " + key + ": no such setting (expected: "
                + (nearest == null ? "one of those that --help and --print-config list" : nearest) + ")");
    }

    @Nullable
    ResolvedValue find(String key) {
        return values.get(key);
    }
}
