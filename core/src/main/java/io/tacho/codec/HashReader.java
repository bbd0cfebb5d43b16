// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tacho.model.MalformedSnapshotException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hash under a node's key into {@link Fields}. All values of a hash are text; the shape defines how to parse them. Names in
 * the usual order are compared, and integers parsed, without objects: an aggregator that starts reads all nodes at once.
 *
 * <p>Thread safety: safe; has no state of its own.
 */
final class HashReader {

    private final FieldsReader json;

    HashReader(FieldsReader json) {
        this.json = json;
    }

    /**
     * Reads all fields; those of neither object are ignored.
     *
     * @param hash field names and values, alternating
     * @param node receives the 22 fields
     * @param envelope receives the others
     */
    void read(MessagePack hash, Fields node, Fields envelope) {
        for (int rest = hash.arrayLength(); rest > 0; rest -= 2) {
            byte[] likely = node.likelyField();
            if (likely != null && hash.skip(likely)) {
                value(hash, node, node.likelyPlace());
            } else {
                unlikely(hash, node, envelope);
            }
        }
    }

    private void unlikely(MessagePack hash, Fields node, Fields envelope) {
        String name = hash.text();
        if (name == null || name.equals(Member.NODE.wireName())) {
            hash.skipString();
            return;
        }
        Fields fields = node.place(name) >= 0 ? node : envelope;
        int place = fields.place(name);
        if (place >= 0) {
            value(hash, fields, place);
        } else {
            hash.skipString();
        }
    }

    private void value(MessagePack hash, Fields fields, int place) {
        if (fields.shape().form(place) == Shape.Form.INTEGER && hash.isDigits()) {
            fields.put(place, hash.digits());
        } else {
            text(hash.text(), fields, place);
        }
    }

    private void text(@Nullable String value, Fields fields, int place) {
        if (value == null) {
            return;
        }
        Shape shape = fields.shape().shapeOf(place);
        Shape.Form form = fields.shape().form(place);
        if (shape != null) {
            embedded(fields, place, value, shape);
        } else if (form == Shape.Form.OPEN_OBJECT) {
            embedded(fields, place, value);
        } else if (form == Shape.Form.INTEGER && isInteger(value)) {
            fields.put(place, Long.parseLong(value));
        } else {
            fields.put(place, value);
        }
    }

    /** Adds an object; a value that is not JSON is added as text, which no reader of an object accepts. */
    private void embedded(Fields fields, int place, String value, Shape shape) {
        try {
            fields.put(place, json.read(value.getBytes(UTF_8), shape));
        } catch (MalformedSnapshotException e) {
            fields.put(place, value);
        }
    }

    private void embedded(Fields fields, int place, String value) {
        try {
            fields.put(place, json.tree(value));
        } catch (JsonProcessingException e) {
            fields.put(place, value);
        }
    }

    /** {@return whether it is an integer in canonical form: no plus sign, no leading zero} */
    private static boolean isInteger(String value) {
        try {
            return Long.toString(Long.parseLong(value)).equals(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
