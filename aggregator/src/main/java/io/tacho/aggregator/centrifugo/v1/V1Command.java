// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tacho.aggregator.api.ApiJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command of the server API of Centrifugo 1.x, parsed like Go's encoding/json: member names are case-insensitive, the last
 * of equal names counts, and null means absent.
 *
 * @param uid echoed in the response; empty if absent
 * @param params the text members that the method defines
 */
record V1Command(String uid, String method, Map<String, String> params) {

    /** The text members of the params of each method. */
    private static final Map<String, Set<String>> TEXTS = Map.of(
            "stats", Set.of(),
            "channels", Set.of(),
            "node", Set.of("uid", "name"),
            "publish", Set.of("channel", "client"),
            "broadcast", Set.of("client"),
            "unsubscribe", Set.of("channel", "user"),
            "disconnect", Set.of("user"),
            "presence", Set.of("channel"),
            "history", Set.of("channel"));

    /** The methods that do not require params. */
    private static final Set<String> WITHOUT_PARAMS = Set.of("stats", "channels", "node");

    /** A malformed request: the response is 400 without a reason. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException() {
            super("malformed command", null, false, false);
        }
    }

    /**
     * Parses a command, or the commands of an array.
     *
     * @throws MalformedException if one of them is malformed or has an unknown method
     */
    static List<V1Command> parse(byte[] data) throws MalformedException {
        // Centrifugo checks the first byte: white space before the command is an error
        if (data.length == 0 || (data[0] != '{' && data[0] != '[')) {
            throw new MalformedException();
        }
        String json = GoText.decode(data);
        try (JsonParser parser = ApiJson.parser(json)) {
            List<V1Command> commands = new ArrayList<>();
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                commands.add(command(json, parser));
            } else {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    commands.add(command(json, parser));
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedException();
            }
            return commands;
        } catch (IOException e) {
            throw new MalformedException();
        }
    }

    private static V1Command command(String json, JsonParser parser) throws IOException, MalformedException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MalformedException();
        }
        String uid = "";
        String method = "";
        String params = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equalsIgnoreCase("uid")) {
                uid = textOr(uid, parser);
            } else if (name.equalsIgnoreCase("method")) {
                method = textOr(method, parser);
            } else if (name.equalsIgnoreCase("params")) {
                params = raw(json, parser);
            } else {
                parser.skipChildren();
            }
        }
        Set<String> texts = TEXTS.get(method);
        if (texts == null) {
            // one unknown method invalidates the batch
            throw new MalformedException();
        }
        return new V1Command(GoText.wellFormed(uid), method, params(method, texts, params));
    }

    /** Returns the JSON text of the value. */
    private static String raw(String json, JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return json.substring(start, (int) parser.currentLocation().getCharOffset());
    }

    private static Map<String, String> params(String method, Set<String> texts, @Nullable String params)
            throws IOException, MalformedException {
        if (method.equals("stats") || method.equals("channels")) {
            return Map.of();
        }
        if (params == null) {
            if (WITHOUT_PARAMS.contains(method)) {
                return Map.of();
            }
            throw new MalformedException();
        }
        Map<String, String> values = new HashMap<>();
        try (JsonParser parser = ApiJson.parser(params)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_NULL) {
                return values;
            }
            if (first != JsonToken.START_OBJECT) {
                throw new MalformedException();
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName().toLowerCase(Locale.ROOT);
                parser.nextToken();
                if (name.equals("channels") && method.equals("broadcast")) {
                    requireTexts(parser);
                } else if (texts.contains(name)) {
                    values.put(name, textOr(values.getOrDefault(name, ""), parser));
                } else {
                    parser.skipChildren();
                }
            }
        }
        return values;
    }

    /** Checks an array of texts; each of them may be null, and so may the array. */
    private static void requireTexts(JsonParser parser) throws IOException, MalformedException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedException();
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            textOr("", parser);
        }
    }

    private static String textOr(String otherwise, JsonParser parser) throws IOException, MalformedException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return otherwise;
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new MalformedException();
        }
        return parser.getText();
    }
}
