// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.codec.GoCharacterEscapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads requests and writes responses; strings are escaped like Go's encoding/json does. */
public final class ApiJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        MAPPER.getFactory()
                .setCharacterEscapes(new GoCharacterEscapes())
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        // Go's own bound
                        .maxNestingDepth(10_000)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build());
    }

    private ApiJson() {}

    /** Reads JSON token by token. */
    public static JsonParser parser(String json) throws IOException {
        return MAPPER.createParser(json);
    }

    /** Any number of values, one after the other. */
    public static List<JsonNode> readAll(byte[] json) throws IOException {
        ObjectReader reader = MAPPER.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        List<JsonNode> values = new ArrayList<>();
        try (JsonParser parser = MAPPER.createParser(json)) {
            while (parser.nextToken() != null) {
                values.add(reader.readValue(parser));
            }
        }
        return values;
    }

    /** Returns a new object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** {@return a new array} */
    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** UTF-8 JSON. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            // trees and strings always have a JSON form
            throw new UncheckedIOException(e);
        }
    }

    /** {@code {"error":{"code":404,"message":"…"}}}: the error format of all endpoints except the compatible ones. */
    public static byte[] error(int code, String message) {
        ObjectNode body = object();
        body.putObject("error").put("code", code).put("message", message);
        return write(body);
    }

    /** Writes JSON token by token. */
    @FunctionalInterface
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** Returns content as UTF-8 JSON, of about the expected size. */
    public static byte[] write(int expectedBytes, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(expectedBytes);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            content.writeTo(json);
        } catch (IOException e) {
            // nothing is written anywhere but into memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns a value with three decimal places. */
    public static double rounded(double value) {
        return Math.rint(value * 1_000) / 1_000;
    }
}
