// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object as {@link BeatWriter} writes it: members of the shape in its order, without white space, numbers that are not
 * negative, ASCII text without escapes. This is much faster than a reader of any JSON. Whatever else it finds it leaves to
 * {@link FieldsReader}, also all errors: what both accept has the same result.
 *
 * <p>Thread safety: one object, one thread.
 */
final class PlainReader {

    /** Less than the nesting that the reader of any JSON accepts. */
    private static final int MAX_DEPTH = 8;

    private final byte[] json;
    private final ObjectReader trees;
    private int at;

    private PlainReader(byte[] json, ObjectReader trees) {
        this.json = json;
        this.trees = trees;
    }

    /**
     * Returns the members of an object.
     *
     * @param trees reads objects without a shape
     * @return null if it has another form, or is not JSON
     */
    static @Nullable Fields read(byte[] json, Shape shape, ObjectReader trees) {
        PlainReader in = new PlainReader(json, trees);
        Fields fields = in.peek() == '{' ? in.object(shape) : null;
        return in.at == json.length ? fields : null;
    }

    /** Returns the next byte; 0 at the end, where no JSON has it. */
    private byte peek() {
        return at < json.length ? json[at] : 0;
    }

    private @Nullable Fields object(Shape shape) {
        Fields fields = new Fields(shape);
        int place = 0;
        do {
            at++;
            place = name(shape, place);
            if (place == shape.size() || !value(fields, place)) {
                return null;
            }
            place++;
        } while (peek() == ',');
        return json.length > at && json[at++] == '}' ? fields : null;
    }

    /** Returns the place of the next member; the size of the shape if it is none of those that are left. */
    private int name(Shape shape, int first) {
        int place = first;
        while (place < shape.size() && !skip(shape.key(place))) {
            place++;
        }
        return place;
    }

    private boolean skip(byte[] key) {
        int end = at + key.length;
        // most names differ in their first letter
        if (end > json.length || json[at + 1] != key[1] || !Arrays.equals(json, at, end, key, 0, key.length)) {
            return false;
        }
        at = end;
        return true;
    }

    private boolean value(Fields fields, int place) {
        byte first = peek();
        if (first == '"') {
            return text(fields, place);
        }
        if (first != '{') {
            return number(fields, place);
        }
        Shape shape = fields.shape().shapeOf(place);
        if (shape == null) {
            return tree(fields, place);
        }
        Fields object = object(shape);
        if (object != null) {
            fields.put(place, object);
        }
        return object != null;
    }

    private boolean number(Fields fields, int place) {
        int start = at;
        long number = 0;
        for (int digit = peek() - '0'; digit >= 0 && digit <= 9; digit = peek() - '0') {
            number = 10 * number + digit;
            at++;
        }
        int digits = at - start;
        fields.put(place, number);
        return digits > 0 && digits <= FieldsReader.SURE_DIGITS && (digits == 1 || json[start] != '0');
    }

    private boolean text(Fields fields, int place) {
        int start = ++at;
        while (peek() >= ' ' && json[at] != '"' && json[at] != '\\') {
            at++;
        }
        if (peek() != '"') {
            return false;
        }
        fields.put(place, new String(json, start, at++ - start, ISO_8859_1));
        return true;
    }

    /** Reads an object whose members may have any name. */
    private boolean tree(Fields fields, int place) {
        int start = at;
        int depth = 0;
        boolean quoted = false;
        do {
            byte next = peek();
            if (next == 0 || next == '\\' || depth > MAX_DEPTH) {
                return false;
            }
            at++;
            if (next == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += next == '{' || next == '[' ? 1 : next == '}' || next == ']' ? -1 : 0;
            }
        } while (depth > 0);
        try {
            JsonNode tree = trees.readTree(json, start, at - start);
            fields.put(place, tree);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
