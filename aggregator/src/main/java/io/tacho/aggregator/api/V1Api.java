// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Centrifugo 1.x's server API, byte for byte: one command or an array of them, signed, answered by an array. Of its methods
 * an aggregator has {@code stats}; the others are the nodes' and answer {@code "error":"not available"}.
 *
 * <p>Thread safety: safe.
 */
public final class V1Api {

    /** An answer in this API's form: a JSON body with 200, or what stands in its place. */
    public enum Status {
        OK,
        BAD_REQUEST,
        UNAUTHORIZED
    }

    /**
     * What to answer.
     *
     * @param body UTF-8 JSON; empty unless OK
     */
    public record Answer(Status status, byte[] body) {}

    private record Command(@Nullable String uid, String method) {}

    private static final String STATS = "stats";

    /** A batch that asks for the same answer so often that it is longer than this is refused. */
    private static final long MAX_BATCH_BYTES = 16 * 1024 * 1024;

    /** What only a node can do. */
    private static final Set<String> NODE_METHODS =
            Set.of("publish", "broadcast", "unsubscribe", "disconnect", "presence", "history", "channels", "node");

    private static final Answer BAD_REQUEST = new Answer(Status.BAD_REQUEST, new byte[0]);
    private static final Answer UNAUTHORIZED = new Answer(Status.UNAUTHORIZED, new byte[0]);

    private final StatsResponse stats;
    private final @Nullable ApiSecret secret;

    /** @param secret null takes unsigned requests */
    public V1Api(StatsResponse stats, @Nullable ApiSecret secret) {
        this.stats = stats;
        this.secret = secret;
    }

    /**
     * Answers a request.
     *
     * @param data the command or commands, UTF-8 JSON
     * @param sign lower-case hex of the data's HMAC-SHA256 with the secret; empty where none was sent
     */
    public Answer answer(byte[] data, String sign) {
        if (data.length == 0 || (secret != null && sign.isEmpty())) {
            return BAD_REQUEST;
        }
        if (secret != null && !secret.hasSigned(data, sign)) {
            return UNAUTHORIZED;
        }
        List<Command> commands;
        try {
            commands = parse(data);
        } catch (MalformedCommandException | JsonProcessingException e) {
            return BAD_REQUEST;
        }
        byte[] body = stats.body();
        long served = commands.stream()
                .filter(command -> command.method().equals(STATS))
                .count();
        if (served > 1 && served * body.length > MAX_BATCH_BYTES) {
            return BAD_REQUEST;
        }
        // an empty batch is answered by Go's nil slice
        return new Answer(Status.OK, commands.isEmpty() ? "null".getBytes(UTF_8) : respond(commands, body));
    }

    private static byte[] respond(List<Command> commands, byte[] stats) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char separator = '[';
        for (Command command : commands) {
            out.write(separator);
            separator = ',';
            out.write('{');
            if (command.uid() != null && !command.uid().isEmpty()) {
                text(out, "\"uid\":");
                out.writeBytes(ApiJson.write(command.uid()));
                out.write(',');
            }
            boolean isStats = command.method().equals(STATS);
            text(out, "\"body\":");
            out.writeBytes(isStats ? stats : "null".getBytes(UTF_8));
            text(out, isStats ? ",\"error\":null" : ",\"error\":\"not available\"");
            text(out, ",\"method\":\"" + command.method() + "\"}");
        }
        out.write(']');
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }

    private static List<Command> parse(byte[] data) throws MalformedCommandException, JsonProcessingException {
        // the original looks at the first byte: white space before the command is an error
        if (data[0] != '{' && data[0] != '[') {
            throw new MalformedCommandException();
        }
        JsonNode tree = ApiJson.read(new String(data, UTF_8));
        List<Command> commands = new ArrayList<>();
        if (tree.isArray()) {
            for (JsonNode element : tree) {
                commands.add(command(element));
            }
        } else {
            commands.add(command(tree));
        }
        return commands;
    }

    private static Command command(JsonNode tree) throws MalformedCommandException {
        if (!tree.isObject()) {
            throw new MalformedCommandException();
        }
        String uid = null;
        String method = "";
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            // Go matches member names whatever their case
            if (member.getKey().equalsIgnoreCase("uid")) {
                uid = stringOr(uid, member.getValue());
            } else if (member.getKey().equalsIgnoreCase("method")) {
                method = String.valueOf(stringOr(method, member.getValue()));
            }
        }
        if (!method.equals(STATS) && !NODE_METHODS.contains(method)) {
            // one unknown method spoils the whole batch
            throw new MalformedCommandException();
        }
        return new Command(uid == null ? null : wellFormed(uid), method);
    }

    private static @Nullable String stringOr(@Nullable String otherwise, JsonNode value)
            throws MalformedCommandException {
        if (value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw new MalformedCommandException();
        }
        return value.textValue();
    }

    /** Half a surrogate pair has no form in UTF-8: it becomes U+FFFD, as in Go. */
    private static String wellFormed(String text) {
        try {
            ByteBuffer bytes = UTF_8.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(new byte[] {(byte) 0xef, (byte) 0xbf, (byte) 0xbd})
                    .encode(CharBuffer.wrap(text));
            return UTF_8.decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("malformed input is replaced", e);
        }
    }
}
