// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.RequestKind;
import io.tacho.text.TextFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Maps metric names to fields: {@code tacho.} followed by the field's wire name, and the names of a mapping file. The timers
 * {@code tacho.time_api} and {@code tacho.time_client} map to the mean; they also determine the number of requests and the
 * maximum.
 *
 * <p>Thread safety: immutable.
 */
final class StatsdNames {

    private static final String PREFIX = "tacho.";

    private static final Map<String, Field> FIELD_BY_NUMBER = new TreeMap<>();

    static {
        for (Field field : Field.NUMBERS) {
            if (field.kind() != Kind.TIMER) {
                FIELD_BY_NUMBER.put(field.wireName(), field);
            }
        }
        for (RequestKind requests : RequestKind.values()) {
            FIELD_BY_NUMBER.put(requests.timeName(), requests.mean());
        }
    }

    private static final String EXTRA = "extra.";

    private final Map<String, Field> fieldByName;
    private final Map<String, String> extraByName;

    private StatsdNames(Map<String, Field> fieldByName, Map<String, String> extraByName) {
        this.fieldByName = fieldByName;
        this.extraByName = extraByName;
    }

    /** {@return the documented names} */
    static StatsdNames documented() {
        Map<String, Field> names = new HashMap<>();
        FIELD_BY_NUMBER.forEach((number, field) -> names.put(PREFIX + number, field));
        return new StatsdNames(names, Map.of());
    }

    /**
     * Returns the documented names and the names in a file, one per line: {@code own.name = num_clients}. {@code #} begins a
     * comment.
     *
     * @throws IllegalArgumentException naming the invalid line
     */
    static StatsdNames withMapping(@Nullable Path file) {
        StatsdNames documented = documented();
        if (file == null) {
            return documented;
        }
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(TextFiles.read(file)));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "mapping: cannot read " + file + ", "
                            + (e instanceof IOException failure ? TextFiles.cause(failure) : e.getMessage())
                            + " (expected: a text file of lines like 'own.name = num_clients')",
                    e);
        }
        Map<String, Field> names = new HashMap<>(documented.fieldByName);
        Map<String, String> extras = new HashMap<>();
        for (String name : lines.stringPropertyNames()) {
            String number = lines.getProperty(name).strip();
            if (number.startsWith(EXTRA)) {
                extras.put(name, extra(name, number.substring(EXTRA.length())));
                continue;
            }
            Field field = FIELD_BY_NUMBER.get(number);
            if (field == null) {
                throw new IllegalArgumentException("mapping: " + name + " = '" + number + "' (expected: one of "
                        + String.join(", ", FIELD_BY_NUMBER.keySet()) + ", or extra.NAME)");
            }
            names.put(name, field);
        }
        if (extras.size() > Extras.MAX_EXTRAS) {
            throw new IllegalArgumentException(
                    "mapping: " + extras.size() + " extra values (expected: at most " + Extras.MAX_EXTRAS + ")");
        }
        return new StatsdNames(names, extras);
    }

    private static String extra(String name, String extra) {
        try {
            return Extras.requireName(extra);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("mapping: " + name + " = " + e.getMessage(), e);
        }
    }

    /** Returns the extra value of a line; null if it belongs to a field, or to nothing. */
    @Nullable
    String extra(StatsdLine line) {
        return extraByName.get(line.name());
    }

    /** Returns the field of a line. */
    Field field(StatsdLine line) throws Rejected {
        Field field = fieldByName.get(line.name());
        if (field == null) {
            throw new Rejected(Rejected.Reason.UNKNOWN_NAME);
        }
        if (!types(field).contains(line.type())) {
            throw new Rejected(Rejected.Reason.WRONG_TYPE);
        }
        return field;
    }

    private static Set<StatsdType> types(Field field) {
        return switch (field.kind()) {
            case COUNTER -> Set.of(StatsdType.COUNTER);
            case TIMER -> Set.of(StatsdType.TIMER);
            default ->
                field.mergeRule() == MergeRule.UNION
                        ? Set.of(StatsdType.GAUGE, StatsdType.SET)
                        : Set.of(StatsdType.GAUGE);
        };
    }
}
