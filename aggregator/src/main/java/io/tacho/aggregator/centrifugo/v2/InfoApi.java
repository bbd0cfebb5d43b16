// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.aggregator.api.ApiJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The server API of Centrifugo 2–6, as far as an aggregator implements it: {@code info}. The response to all other
 * methods is the error {@code not available}. Requests are already authorized.
 *
 * <p>Thread safety: safe.
 */
public final class InfoApi {

    /**
     * The response.
     *
     * @param status of HTTP: 200 with JSON, 400 with {@code Bad Request} as text, or on request 400 with an error as JSON
     * @param body UTF-8 JSON; empty if the request was malformed
     */
    public record Response(int status, byte[] body) {}

    private static final Response MALFORMED = new Response(400, new byte[0]);

    private static final String BAD_REQUEST = "{\"code\":107,\"message\":\"bad request\"}";
    private static final String NOT_AVAILABLE = "{\"code\":108,\"message\":\"not available\"}";
    private static final String NOT_FOUND = "{\"code\":104,\"message\":\"not found\"}";

    /** The limit of a response to a batch that repeats {@code info}. */
    private static final long MAX_BATCH_BYTES = 16 * 1024 * 1024;

    private final InfoResponse info;

    public InfoApi(InfoResponse info) {
        this.info = info;
    }

    /** {@code POST /api}: any number of commands in sequence, with one line of the response for each. */
    public CompletionStage<Response> commands(byte[] body) {
        List<InfoCommand> commands = new ArrayList<>();
        try {
            if (body.length == 0) {
                throw new MalformedCommandException();
            }
            for (JsonNode tree : values(body)) {
                commands.add(InfoCommand.of(tree));
            }
        } catch (MalformedCommandException e) {
            return CompletableFuture.completedFuture(MALFORMED);
        }
        long served = commands.stream().filter(InfoCommand::isInfo).count();
        return withInfo(served, result -> {
            StringOutput out = new StringOutput();
            for (InfoCommand command : commands) {
                out.text(out.isEmpty() ? "{" : "\n{");
                if (command.id() != 0) {
                    out.text("\"id\":" + command.id() + ",");
                }
                if (command.isInfo()) {
                    out.text("\"result\":").bytes(result);
                } else {
                    out.text("\"error\":" + (command.isKnown() ? NOT_AVAILABLE : NOT_FOUND));
                }
                out.text("}");
            }
            return out;
        });
    }

    /** {@code POST /api/info}: an object. */
    public CompletionStage<Response> info(byte[] body) {
        try {
            object(body);
        } catch (MalformedCommandException e) {
            return CompletableFuture.completedFuture(MALFORMED);
        }
        return withInfo(
                1,
                result -> new StringOutput().text("{\"result\":").bytes(result).text("}"));
    }

    /** {@code POST /api/batch}: {@code {"commands":[{"info":{}},…]}}, a reply for each. */
    public CompletionStage<Response> batch(byte[] body) {
        List<String> methods = new ArrayList<>();
        try {
            for (Map.Entry<String, JsonNode> member : object(body).properties()) {
                if (member.getKey().equalsIgnoreCase("commands")) {
                    methods = batchMethods(member.getValue());
                }
            }
        } catch (MalformedCommandException e) {
            return CompletableFuture.completedFuture(MALFORMED);
        }
        List<String> requested = List.copyOf(methods);
        return withInfo(requested.stream().filter("info"::equals).count(), result -> {
            StringOutput out = new StringOutput().text("{");
            String separator = "\"replies\":[";
            for (String method : requested) {
                out.text(separator);
                separator = ",";
                if (method.equals("info")) {
                    out.text("{\"info\":").bytes(result).text("}");
                } else {
                    out.text("{\"error\":" + method + "}");
                }
            }
            return out.text(requested.isEmpty() ? "}" : "]}");
        });
    }

    /** Returns for each command {@code info}, or the error in its place. */
    private static List<String> batchMethods(JsonNode commands) throws MalformedCommandException {
        if (!commands.isArray() && !commands.isNull()) {
            throw new MalformedCommandException();
        }
        List<String> methods = new ArrayList<>();
        for (JsonNode command : commands) {
            if (!command.isObject() && !command.isNull()) {
                throw new MalformedCommandException();
            }
            String method = command.isNull() ? BAD_REQUEST : NOT_FOUND;
            for (Map.Entry<String, JsonNode> member : command.properties()) {
                if (InfoCommand.knows(member.getKey()) && !member.getValue().isNull()) {
                    method = member.getKey().equals("info") ? "info" : NOT_AVAILABLE;
                    break;
                }
            }
            methods.add(method);
        }
        return methods;
    }

    /** Returns whether Centrifugo serves {@code POST /api/<method>}. */
    public static boolean knows(String method) {
        return InfoCommand.knows(method);
    }

    /**
     * {@code POST /api/<method>} of a method that only Centrifugo has.
     *
     * @param transportErrors whether errors are reported as HTTP status codes
     */
    public static Response notAvailable(boolean transportErrors) {
        return transportErrors
                ? new Response(400, NOT_AVAILABLE.getBytes(UTF_8))
                : new Response(200, ("{\"error\":" + NOT_AVAILABLE + "}").getBytes(UTF_8));
    }

    private interface Writer {
        StringOutput write(byte[] result);
    }

    private CompletionStage<Response> withInfo(long times, Writer writer) {
        CompletionStage<byte[]> result = times == 0 ? CompletableFuture.completedFuture(new byte[0]) : info.result();
        return result.thenApply(bytes -> times > 1 && times * bytes.length > MAX_BATCH_BYTES
                ? MALFORMED
                : new Response(200, writer.write(bytes).toByteArray()));
    }

    private static JsonNode object(byte[] body) throws MalformedCommandException {
        List<JsonNode> values = values(body);
        if (values.size() != 1 || !(values.get(0).isObject() || values.get(0).isNull())) {
            throw new MalformedCommandException();
        }
        return values.get(0);
    }

    private static List<JsonNode> values(byte[] body) throws MalformedCommandException {
        try {
            return ApiJson.readAll(body);
        } catch (IOException e) {
            throw new MalformedCommandException();
        }
    }

    private static final class StringOutput extends ByteArrayOutputStream {

        StringOutput text(String text) {
            return bytes(text.getBytes(UTF_8));
        }

        StringOutput bytes(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }

        boolean isEmpty() {
            return count == 0;
        }
    }
}
