// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The JSON that the hub speaks: reads what clients and the server API ask for, writes replies, errors and pushes. */
final class HubProtocol {

    /** Payload bytes of a client's frame or of a request to the server API. */
    static final int MAX_MESSAGE_BYTES = 65_536;

    /** Length of a channel's name and of a user id. */
    static final int MAX_NAME_LENGTH = 255;

    private static final int MAX_QUOTED_LENGTH = 80;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // a publisher's numbers reach the subscribers as they are
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private HubProtocol() {}

    /**
     * The objects of one frame or request.
     *
     * @param array whether the objects came in an array, so that the server API's response is one too
     */
    record Message(List<ObjectNode> objects, boolean array) {}

    /** Reads one object or an array of them. */
    static Message readMessage(ByteBuf content) throws HubException {
        JsonNode message = read(content);
        Iterable<JsonNode> items = message.isArray() ? message : List.of(message);
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode item : items) {
            if (!(item instanceof ObjectNode object)) {
                throw bad("message: " + quoted(item) + " (expected: an object, or an array of objects)");
            }
            objects.add(object);
        }
        if (objects.isEmpty()) {
            throw bad("message: an empty array (expected: at least one object)");
        }
        return new Message(objects, message.isArray());
    }

    private static JsonNode read(ByteBuf content) throws HubException {
        JsonNode message;
        try (ByteBufInputStream in = new ByteBufInputStream(content.slice())) {
            message = JSON.readTree(in);
        } catch (JsonProcessingException e) {
            throw bad("message: not JSON: " + clipped(e.getOriginalMessage()) + " (expected: an object, or an array)");
        } catch (IOException e) {
            throw new UncheckedIOException("from memory", e);
        }
        if (message.isMissingNode()) {
            throw bad("message: empty (expected: an object, or an array of objects)");
        }
        return message;
    }

    /** Returns the command's id, by which the client knows the reply. */
    static long readId(ObjectNode object) throws HubException {
        JsonNode id = object.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 1) {
            throw bad("id: " + quoted(id) + " (expected: a whole number, at least 1)");
        }
        return id.longValue();
    }

    /** {@code {"id":4,"publish":{"channel":"news","data":…}}} */
    static HubCommand readCommand(ObjectNode object) throws HubException {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        keys.remove("id");
        if (keys.size() != 1) {
            throw bad("command: " + (keys.isEmpty() ? "missing" : clipped(String.join(", ", keys)))
                    + " (expected: exactly one of " + HubCommand.Kind.all() + ")");
        }
        String key = keys.get(0);
        HubCommand.Kind kind = HubCommand.Kind.of(key)
                .orElseThrow(() -> new HubException(
                        HubException.UNKNOWN_COMMAND,
                        "command: " + clipped(key) + " (expected: one of " + HubCommand.Kind.all() + ")"));
        return readParameters(kind, key, object.path(key));
    }

    /** {@code {"method":"publish","params":{"channel":"news","data":…}}}: all that the server API can. */
    static HubCommand readApiCommand(ObjectNode object) throws HubException {
        JsonNode method = object.path("method");
        if (!method.isTextual() || !method.textValue().equals("publish")) {
            throw new HubException(
                    HubException.UNKNOWN_COMMAND, "method: " + quoted(method) + " (expected: \"publish\")");
        }
        return readParameters(HubCommand.Kind.PUBLISH, "params", object.path("params"));
    }

    private static HubCommand readParameters(HubCommand.Kind kind, String key, JsonNode parameters)
            throws HubException {
        if (!parameters.isObject()) {
            throw bad(key + ": " + quoted(parameters) + " (expected: an object)");
        }
        JsonNode subject = parameters.path(kind.subjectField());
        if (!subject.isTextual()
                || subject.textValue().isEmpty()
                || subject.textValue().length() > MAX_NAME_LENGTH) {
            throw bad(key + "." + kind.subjectField() + ": " + quoted(subject) + " (expected: a string of 1 to "
                    + MAX_NAME_LENGTH + " characters)");
        }
        JsonNode data = kind == HubCommand.Kind.PUBLISH ? parameters.path("data") : MissingNode.getInstance();
        if (kind == HubCommand.Kind.PUBLISH && data.isMissingNode()) {
            throw bad(key + ".data: missing (expected: any JSON)");
        }
        return new HubCommand(kind, subject.textValue(), data);
    }

    /** {@code {"id":4,"publish":{}}} */
    static byte[] reply(long id, HubCommand.Kind kind, ObjectNode result) {
        return write(object().put("id", id).set(kind.key(), result));
    }

    /** {@code {"id":4,"error":{"code":107,"message":"…"}}} */
    static byte[] error(long id, HubException rejection) {
        return write(object().put("id", id).set("error", describe(rejection)));
    }

    /** {@code {"error":{"code":107,"message":"…"}}}: for what has no id. */
    static byte[] error(HubException rejection) {
        return write(object().set("error", describe(rejection)));
    }

    /** {@code {"push":{"channel":"news","data":…}}} */
    static byte[] push(String channel, JsonNode data) {
        return write(object().set("push", object().put("channel", channel).set("data", data)));
    }

    /** {@code {"result":{}}}, or as many of them in an array. */
    static byte[] apiResults(int count, boolean array) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            results.add(object().set("result", object()));
        }
        return write(array ? results : results.path(0));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode describe(HubException rejection) {
        return object().put("code", rejection.code()).put("message", rejection.getMessage());
    }

    private static byte[] write(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree that was just read or built", e);
        }
    }

    private static HubException bad(String message) {
        return new HubException(HubException.BAD_REQUEST, message);
    }

    private static String quoted(JsonNode found) {
        return found.isMissingNode() ? "missing" : clipped(found.toString());
    }

    private static String clipped(String text) {
        return text.length() <= MAX_QUOTED_LENGTH ? text : text.substring(0, MAX_QUOTED_LENGTH) + "…";
    }
}
