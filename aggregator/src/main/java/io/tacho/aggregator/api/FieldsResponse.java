// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.Field;

/**
 * The field catalogue as JSON.
 *
 * <p>Thread safety: safe.
 */
public final class FieldsResponse {

    private static final byte[] BODY = json();

    private FieldsResponse() {}

    /** {@return the body, UTF-8 JSON, always the same} */
    public static byte[] body() {
        return BODY;
    }

    private static byte[] json() {
        ArrayNode fields = ApiJson.array();
        for (Field field : Field.values()) {
            ObjectNode json = fields.addObject()
                    .put("name", field.wireName())
                    .put("kind", field.kind().label())
                    .put("unit", field.unit().label())
                    .put("merge", field.mergeRule().label());
            Field weight = field.weight();
            if (weight != null) {
                json.put("weight", weight.wireName());
            }
            json.put("label", field.label())
                    .put("description", field.description())
                    .put("window", field.isOfWindow());
        }
        return ApiJson.write(fields);
    }
}
