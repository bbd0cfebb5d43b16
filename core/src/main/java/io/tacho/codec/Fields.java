// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object of a given shape: filled in one pass, then read by their place in the shape. Reading a member that
 * is missing or of the wrong type fails, naming the member and what was found. No name is looked up where members arrive in
 * the order of the shape.
 */
@SuppressWarnings("EnumOrdinal") // members of an enum are in the order of their shape
final class Fields {

    private static final Object INTEGER = new Object();

    private final Shape shape;
    private final long[] integers;
    /** {@link #INTEGER}, a String, Fields, or the JsonNode of whatever else was found. */
    private final @Nullable Object[] found;

    private int next;

    Fields(Shape shape) {
        this.shape = shape;
        integers = new long[shape.size()];
        found = new Object[shape.size()];
    }

    // ---- filling

    /** {@return the name of the member that is likely to come next; null if none is} */
    @Nullable
    SerializedString likelyName() {
        return shape.encodedName(next);
    }

    /** {@return the name of that member as a field of a hash; null if none is likely} */
    byte @Nullable [] likelyField() {
        return shape.field(next);
    }

    /** {@return the place of that member} */
    int likelyPlace() {
        return next++;
    }

    /** {@return the place of a member; negative if the shape has none of that name} */
    int place(String name) {
        int place = shape.place(name, next);
        if (place >= 0) {
            next = place + 1;
        }
        return place;
    }

    Shape shape() {
        return shape;
    }

    boolean isTaken(int place) {
        return found[place] != null;
    }

    void put(int place, long value) {
        integers[place] = value;
        found[place] = INTEGER;
    }

    void put(int place, String value) {
        found[place] = value;
    }

    void put(int place, Fields value) {
        found[place] = value;
    }

    void put(int place, JsonNode value) {
        found[place] = value;
    }

    // ---- reading

    boolean has(Enum<?> member) {
        return has(member.ordinal());
    }

    boolean has(int place) {
        return found[place] != null;
    }

    boolean hasText(Enum<?> member) {
        return found[member.ordinal()] instanceof String;
    }

    long integer(Enum<?> member) throws MalformedSnapshotException {
        int place = member.ordinal();
        if (found[place] != INTEGER) {
            throw bad(place, "an integer");
        }
        return integers[place];
    }

    String text(Enum<?> member) throws MalformedSnapshotException {
        return text(member.ordinal());
    }

    String text(int place) throws MalformedSnapshotException {
        if (found[place] instanceof String text) {
            return text;
        }
        throw bad(place, "a string");
    }

    /** Returns an object that has a shape. */
    Fields object(Enum<?> member) throws MalformedSnapshotException {
        int place = member.ordinal();
        if (found[place] instanceof Fields object) {
            return object;
        }
        throw bad(place, "an object");
    }

    /** Returns an object whose members may have any name. */
    JsonNode open(Enum<?> member) throws MalformedSnapshotException {
        int place = member.ordinal();
        if (found[place] instanceof JsonNode tree && tree.isObject()) {
            return tree;
        }
        throw bad(place, "an object");
    }

    private MalformedSnapshotException bad(int place, String expected) {
        return new MalformedSnapshotException(Reason.BAD_FIELD, describe(place, expected));
    }

    /** {@return what was found of a member, and what was expected} */
    String describe(Enum<?> member, String expected) {
        return describe(member.ordinal(), expected);
    }

    private String describe(int place, String expected) {
        return describe(shape.name(place), asJson(place), expected);
    }

    private JsonNode asJson(int place) {
        Object value = found[place];
        if (value == INTEGER) {
            return LongNode.valueOf(integers[place]);
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        return value instanceof JsonNode tree ? tree : MissingNode.getInstance();
    }

    static String describe(String field, JsonNode found, String expected) {
        return describe(field, found.isMissingNode() ? "missing" : found.toString(), expected);
    }

    static String describe(String field, String found, String expected) {
        String value = found.length() > 80 ? found.substring(0, 80) + "…" : found;
        return field + ": " + value + " (expected: " + expected + ")";
    }
}
