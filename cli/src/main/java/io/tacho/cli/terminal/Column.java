// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Field.Unit;
import io.tacho.units.Durations;
import io.tacho.units.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A column of the table: a field of the catalogue with a title and a width.
 *
 * @param title in upper case
 * @param width the number of characters, except for the name, which is as wide as the names are
 */
record Column(Field field, String title, int width) {

    /** Titles that are shorter than the field's label. */
    private static final Map<Field, String> TITLES = Map.of(
            Field.NUM_MSG_PUBLISHED, "PUBLISH",
            Field.NUM_CLIENT_REQUESTS, "CL-REQ",
            Field.BYTES_CLIENT_IN, "IN",
            Field.BYTES_CLIENT_OUT, "OUT",
            Field.TIME_API_MEAN, "API-AVG",
            Field.TIME_CLIENT_MEAN, "CL-AVG",
            Field.TIME_CLIENT_MAX, "CL-MAX");

    /** All columns, in the order of the fields. */
    static final List<Column> ALL =
            Arrays.stream(Field.values()).map(Column::new).toList();

    static final Column NAME = of(Field.NAME);

    /** The default columns from left to right: as many of them as there is space for. */
    static final List<Column> DEFAULT = defaults();

    private Column(Field field) {
        this(
                field,
                TITLES.getOrDefault(
                        field, field.label().toUpperCase(Locale.ROOT).replace(' ', '-')),
                width(field));
    }

    private static int width(Field field) {
        return switch (field.unit()) {
            case TEXT -> field == Field.UID ? 36 : 12;
            case COUNT -> field.kind() == Kind.INFO ? 6 : 8;
            case BYTES -> 9;
            case NANOSECONDS -> 8;
            case UNIX_SECONDS -> 7;
            case PERCENT -> 6;
        };
    }

    private static List<Column> defaults() {
        Set<Field> order = new LinkedHashSet<>(List.of(
                Field.NAME,
                Field.NUM_CLIENTS,
                Field.NUM_UNIQUE_CLIENTS,
                Field.NUM_CHANNELS,
                Field.NUM_MSG_PUBLISHED,
                Field.NUM_MSG_SENT,
                Field.NUM_CLIENT_REQUESTS,
                Field.BYTES_CLIENT_IN,
                Field.BYTES_CLIENT_OUT,
                Field.TIME_CLIENT_MEAN,
                Field.TIME_CLIENT_MAX,
                Field.MEMORY_SYS,
                Field.CPU_USAGE,
                Field.STARTED_AT,
                Field.NUM_GOROUTINE,
                Field.NUM_API_REQUESTS,
                Field.TIME_API_MEAN,
                Field.TIME_API_MAX,
                Field.NUM_MSG_QUEUED));
        order.addAll(Field.NUMBERS);
        return order.stream().map(Column::of).toList();
    }

    /** {@return the column of a field} */
    static Column of(Field field) {
        return find(column -> column.field == field).get(0);
    }

    private static List<Column> find(Predicate<Column> predicate) {
        return ALL.stream().filter(predicate).toList();
    }

    /**
     * Returns the column with a name: the wire name of the field, its label, its title or a short form of the wire name, e.g.
     * {@code num_clients}, {@code clients}, {@code client_max}, {@code cl-max}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Column of(String name) {
        String wanted = name.trim().toLowerCase(Locale.ROOT);
        List<Column> found =
                new ArrayList<>(find(column -> column.field.wireName().equals(wanted)));
        found.addAll(find(column -> column.isCalled(wanted)));
        found.addAll(find(column -> column.shortName().equals(wanted)));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "column: '" + name + "' (expected: one of " + String.join(", ", Field.wireNames()) + ")");
        }
        return found.get(0);
    }

    private boolean isCalled(String wanted) {
        return title.toLowerCase(Locale.ROOT).equals(wanted)
                || field.label().toLowerCase(Locale.ROOT).replace(' ', '_').equals(wanted);
    }

    private String shortName() {
        return field.wireName().replaceFirst("^(num|time|bytes)_", "");
    }

    /**
     * Returns the columns with some names.
     *
     * @param names separated by commas, or {@code all}
     */
    static List<Column> list(String names) {
        return names.equals("all")
                ? ALL
                : Arrays.stream(names.split(",", -1)).map(Column::of).toList();
    }

    boolean isText() {
        return field.unit() == Unit.TEXT;
    }

    /** {@return whether the value is a time, of which the age is displayed} */
    boolean isAge() {
        return field.unit() == Unit.UNIX_SECONDS;
    }

    Quantity quantity() {
        return switch (field.unit()) {
            case TEXT, COUNT -> Quantity.COUNT;
            case BYTES -> Quantity.BYTES;
            case NANOSECONDS, UNIX_SECONDS -> Quantity.DURATION;
            case PERCENT -> Quantity.PERCENT;
        };
    }

    /** Returns a value as text. */
    String format(long value, long nowSeconds) {
        if (isAge()) {
            return value > 0 ? Durations.compact(nowSeconds - value) : "-";
        }
        return quantity().compact((double) value);
    }
}
