// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command of {@code /api} of Centrifugo 2 to 6, parsed like Go's encoding/json: member names are case-insensitive, and the
 * last of equal names counts.
 *
 * @param id echoed; 0 means absent
 * @param method by its number
 */
record InfoCommand(long id, long method) {

    /** The methods of Centrifugo by number; empty names are unused numbers. */
    private static final List<String> METHODS = List.of(
            "PUBLISH",
            "BROADCAST",
            "UNSUBSCRIBE",
            "DISCONNECT",
            "PRESENCE",
            "PRESENCE_STATS",
            "HISTORY",
            "HISTORY_REMOVE",
            "CHANNELS",
            "INFO",
            "RPC",
            "SUBSCRIBE",
            "REFRESH",
            "",
            "CONNECTIONS",
            "UPDATE_USER_STATUS",
            "GET_USER_STATUS",
            "DELETE_USER_STATUS",
            "BLOCK_USER",
            "UNBLOCK_USER",
            "REVOKE_TOKEN",
            "INVALIDATE_USER_TOKENS",
            "DEVICE_REGISTER",
            "DEVICE_UPDATE",
            "DEVICE_REMOVE",
            "DEVICE_LIST",
            "DEVICE_TOPIC_LIST",
            "DEVICE_TOPIC_UPDATE",
            "USER_TOPIC_LIST",
            "USER_TOPIC_UPDATE",
            "SEND_PUSH_NOTIFICATION",
            "UPDATE_PUSH_STATUS",
            "CANCEL_PUSH",
            "MAP_PUBLISH",
            "MAP_REMOVE",
            "MAP_READ_STATE",
            "MAP_READ_STREAM",
            "MAP_STATS",
            "MAP_CLEAR",
            "SHARED_POLL_PUBLISH");

    private static final int INFO = METHODS.indexOf("INFO");
    private static final long MAX_ID = (1L << 32) - 1;

    static InfoCommand of(JsonNode tree) throws MalformedCommandException {
        if (!tree.isObject()) {
            throw new MalformedCommandException();
        }
        long id = 0;
        long method = 0;
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            if (member.getKey().equalsIgnoreCase("id")) {
                id = id(member.getValue());
            } else if (member.getKey().equalsIgnoreCase("method")) {
                method = method(member.getValue());
            }
        }
        return new InfoCommand(id, method);
    }

    private static long id(JsonNode value) throws MalformedCommandException {
        if (value.isNull()) {
            return 0;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > MAX_ID) {
            throw new MalformedCommandException();
        }
        return value.longValue();
    }

    private static long method(JsonNode value) throws MalformedCommandException {
        int named = value.isTextual() ? METHODS.indexOf(value.textValue().toUpperCase(Locale.ROOT)) : -1;
        if (named >= 0 && !value.textValue().isEmpty()) {
            return named;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new MalformedCommandException();
        }
        return value.longValue();
    }

    boolean isInfo() {
        return method == INFO;
    }

    /** Returns whether Centrifugo has the method. */
    boolean isKnown() {
        return method >= 0
                && method < METHODS.size()
                && !METHODS.get((int) method).isEmpty();
    }

    /** Returns whether Centrifugo has a method of that name, in lower case. */
    static boolean knows(@Nullable String name) {
        return name != null
                && !name.isEmpty()
                && name.equals(name.toLowerCase(Locale.ROOT))
                && METHODS.contains(name.toUpperCase(Locale.ROOT));
    }
}
