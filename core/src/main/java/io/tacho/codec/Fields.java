// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tacho.codec.MalformedSnapshotException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object as they came: filled in one pass, then asked for by name; what is missing or of the wrong type is
 * refused, naming the field and what was found. Where fields come and are asked for in the order of the shape, nothing is
 * looked up.
 */
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

    // ---- to fill

    /** The name of the field that is likely to come next; null if none is. */
    @Nullable
    SerializedString likelyName() {
        return shape.encodedName(next);
    }

    /** Where that one belongs. */
    int likelyPlace() {
        return next++;
    }

    /** Where a field belongs; negative if nobody asks for it. */
    int place(String name) {
        int place = shape.place(name, next);
        if (place >= 0) {
            next = place + 1;
        }
        return place;
    }

    /** The shape of the object that the field is, if it is one and has one. */
    @Nullable
    Shape shapeOf(int place) {
        return shape.shapeOf(place);
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

    // ---- to ask

    boolean has(String name) {
        return find(name) != null;
    }

    boolean hasText(String name) {
        return find(name) instanceof String;
    }

    long integer(String name) throws MalformedSnapshotException {
        Object value = find(name);
        if (value != INTEGER) {
            throw bad(name, value, "an integer");
        }
        return integers[next - 1];
    }

    String text(String name) throws MalformedSnapshotException {
        Object value = find(name);
        if (value instanceof String text) {
            return text;
        }
        throw bad(name, value, "a string");
    }

    /** An object that has a shape. */
    Fields object(String name) throws MalformedSnapshotException {
        Object value = find(name);
        if (value instanceof Fields object) {
            return object;
        }
        throw bad(name, value, "an object");
    }

    /** An object whose fields may have any name. */
    JsonNode open(String name) throws MalformedSnapshotException {
        Object value = find(name);
        if (value instanceof JsonNode tree && tree.isObject()) {
            return tree;
        }
        throw bad(name, value, "an object");
    }

    private @Nullable Object find(String name) {
        int place = place(name);
        return place < 0 ? null : found[place];
    }

    // ---- to refuse

    private MalformedSnapshotException bad(String name, @Nullable Object value, String expected) {
        return bad(name, asJson(name, value), expected);
    }

    static MalformedSnapshotException bad(String field, JsonNode value, String expected) {
        return new MalformedSnapshotException(Reason.BAD_FIELD, describe(field, value, expected));
    }

    /** What was found under that name, and what was expected. */
    String describe(String name, String expected) {
        return describe(name, asJson(name, find(name)), expected);
    }

    private JsonNode asJson(String name, @Nullable Object value) {
        if (value == INTEGER) {
            return LongNode.valueOf(integers[place(name)]);
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        return value instanceof JsonNode tree ? tree : MissingNode.getInstance();
    }

    static String describe(String field, JsonNode found, String expected) {
        String value = found.isMissingNode() ? "missing" : found.toString();
        if (value.length() > 80) {
            value = value.substring(0, 80) + "…";
        }
        return field + ": " + value + " (expected: " + expected + ")";
    }
}
