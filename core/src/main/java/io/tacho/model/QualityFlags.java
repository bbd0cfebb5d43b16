// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The quality flags of a node: how far the value of each field can be trusted. A field without a flag is
 * {@link Quality#EXACT}.
 *
 * @param known the flags of the fields in the catalogue
 * @param unknown the flags of fields that a newer node has and this version does not, by wire name
 */
public record QualityFlags(Map<Field, Quality> known, Map<String, Quality> unknown) {

    /** The largest number of flags of a node. */
    public static final int MAX_FLAGS = 64;

    /** No flags: all fields are exact. */
    public static final QualityFlags NONE = new QualityFlags(Map.of(), Map.of());

    private static final Pattern WIRE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** @throws IllegalArgumentException if there are more than {@link #MAX_FLAGS} flags, or a name is invalid */
    public QualityFlags {
        Checks.between("number of quality flags", known.size() + unknown.size(), 0, MAX_FLAGS);
        unknown.keySet().forEach(QualityFlags::requireWireName);
        known = known.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(known));
        unknown = unknown.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(unknown));
    }

    /** Returns the flags of fields of the catalogue. */
    public static QualityFlags of(Map<Field, Quality> known) {
        return known.isEmpty() ? NONE : new QualityFlags(known, Map.of());
    }

    /**
     * Returns the flags of fields by wire name.
     *
     * @throws IllegalArgumentException if there are more than {@link #MAX_FLAGS} flags, or a name is invalid
     */
    public static QualityFlags ofWireNames(Map<String, Quality> flags) {
        if (flags.isEmpty()) {
            return NONE;
        }
        Map<Field, Quality> known = new EnumMap<>(Field.class);
        Map<String, Quality> unknown = new TreeMap<>();
        flags.forEach((name, quality) -> {
            Field field = Field.of(name);
            if (field == null) {
                unknown.put(name, quality);
            } else {
                known.put(field, quality);
            }
        });
        return new QualityFlags(known, unknown);
    }

    /**
     * Checks the wire name of a flagged field.
     *
     * @throws IllegalArgumentException if no field can have that name
     */
    public static void requireWireName(String name) {
        Checks.matches("quality", name, WIRE_NAME, "the name of a field, lower-case letters, digits and _");
    }

    /** {@return the quality of a field, {@link Quality#EXACT} if it has no flag} */
    public Quality of(Field field) {
        return known.getOrDefault(field, Quality.EXACT);
    }

    /** {@return whether the node has a value in this field: it is not flagged as unavailable} */
    public boolean isAvailable(Field field) {
        return known.get(field) != Quality.UNAVAILABLE;
    }

    /** {@return whether the node has a value of its current window in this field: it is neither unavailable nor stale} */
    public boolean isCurrent(Field field) {
        Quality quality = of(field);
        return quality != Quality.UNAVAILABLE && quality != Quality.STALE;
    }

    /** {@return whether a field has this flag} */
    public boolean contains(Quality quality) {
        return known.containsValue(quality) || unknown.containsValue(quality);
    }

    /** {@return whether no field has a flag} */
    public boolean isEmpty() {
        return known.isEmpty() && unknown.isEmpty();
    }

    /** {@return all flags by wire name, in the order of the names} */
    public Map<String, Quality> byWireName() {
        Map<String, Quality> flags = new TreeMap<>(unknown);
        known.forEach((field, quality) -> flags.put(field.wireName(), quality));
        return flags;
    }
}
