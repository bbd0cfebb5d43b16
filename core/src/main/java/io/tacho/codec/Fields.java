// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.codec.MalformedSnapshotException.Reason;

/** Reads single fields of a tree; what is missing or of the wrong type is refused, naming the field and what was found. */
final class Fields {

    private Fields() {}

    static String text(JsonNode tree, String field) throws MalformedSnapshotException {
        JsonNode value = tree.path(field);
        if (!value.isTextual()) {
            throw bad(field, value, "a string");
        }
        return value.textValue();
    }

    static long integer(JsonNode tree, String field) throws MalformedSnapshotException {
        JsonNode value = tree.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw bad(field, value, "an integer");
        }
        return value.longValue();
    }

    static JsonNode object(JsonNode tree, String field) throws MalformedSnapshotException {
        JsonNode value = tree.path(field);
        if (!value.isObject()) {
            throw bad(field, value, "an object");
        }
        return value;
    }

    static MalformedSnapshotException bad(String field, JsonNode found, String expected) {
        return new MalformedSnapshotException(Reason.BAD_FIELD, describe(field, found, expected));
    }

    static String describe(String field, JsonNode found, String expected) {
        String value = found.isMissingNode() ? "missing" : found.toString();
        if (value.length() > 80) {
            value = value.substring(0, 80) + "…";
        }
        return field + ": " + value + " (expected: " + expected + ")";
    }
}
