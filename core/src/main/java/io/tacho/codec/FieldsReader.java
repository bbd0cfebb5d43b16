// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import java.io.IOException;

/**
 * Reads JSON objects into {@link Fields}, as a stream. Members that are not of the shape are only checked for
 * valid JSON.
 *
 * <p>Thread safety: safe; has no state of its own.
 */
final class FieldsReader {

    /** Decimal digits that a long surely holds. */
    static final int SURE_DIGITS = 18;

    private final JsonMapper mapper;
    private final ObjectReader trees;

    FieldsReader(JsonMapper mapper) {
        this.mapper = mapper;
        trees = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** @throws MalformedSnapshotException if it is not one JSON object and nothing else */
    Fields read(byte[] json, Shape shape) throws MalformedSnapshotException {
        Fields plain = PlainReader.read(json, shape, trees);
        return plain == null ? readAny(json, shape) : plain;
    }

    /** Reads an object in any form that JSON allows. */
    Fields readAny(byte[] json, Shape shape) throws MalformedSnapshotException {
        try (JsonParser in = mapper.getFactory().createParser(json)) {
            JsonToken first = in.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw notJson((first == null ? "nothing" : first.name()) + " (expected: an object)");
            }
            Fields fields = object(in, shape);
            JsonToken trailing = in.nextToken();
            if (trailing != null) {
                throw notJson(trailing.name() + " after the object (expected: nothing)");
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw notJson(e.getOriginalMessage());
        } catch (IOException e) {
            // malformed UTF-8 comes as a CharConversionException
            throw notJson(String.valueOf(e.getMessage()));
        }
    }

    private Fields object(JsonParser in, Shape shape) throws IOException, MalformedSnapshotException {
        Fields fields = new Fields(shape);
        while (true) {
            // an expected name is compared, not looked up
            SerializedString likely = fields.likelyName();
            boolean expected = likely != null && in.nextFieldName(likely);
            if (likely == null) {
                in.nextToken();
            }
            if (in.currentToken() != JsonToken.FIELD_NAME) {
                return fields;
            }
            int place = expected ? fields.likelyPlace() : fields.place(in.currentName());
            JsonToken value = in.nextToken();
            if (place < 0) {
                in.skipChildren();
            } else if (fields.isTaken(place)) {
                throw notJson(shape.name(place) + ": given twice (expected: once)");
            } else {
                value(in, value, fields, place);
            }
        }
    }

    private void value(JsonParser in, JsonToken value, Fields fields, int place)
            throws IOException, MalformedSnapshotException {
        Shape shape = value == JsonToken.START_OBJECT ? fields.shape().shapeOf(place) : null;
        if (value == JsonToken.VALUE_NUMBER_INT && in.getNumberType() != NumberType.BIG_INTEGER) {
            fields.put(place, in.getLongValue());
        } else if (value == JsonToken.VALUE_STRING) {
            fields.put(place, in.getText());
        } else if (shape != null) {
            fields.put(place, object(in, shape));
        } else {
            JsonNode tree = trees.readTree(in);
            fields.put(place, tree);
        }
    }

    /** Reads JSON of any form. */
    JsonNode tree(String json) throws JsonProcessingException {
        return mapper.readTree(json);
    }

    private static MalformedSnapshotException notJson(String message) {
        return new MalformedSnapshotException(Reason.NOT_JSON, message);
    }
}
