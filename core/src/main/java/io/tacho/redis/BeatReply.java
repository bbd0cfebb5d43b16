// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.Envelope.Writer;
import io.tacho.store.BeatResult;
import io.tacho.store.NodeCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the reply of {@code beat.lua}. */
final class BeatReply {

    private static final long ACCEPTED = 1;
    private static final long CONFLICT = 2;

    private static final Writer UNKNOWN = new Writer("unknown", null);

    private BeatReply() {}

    /**
     * Returns the result of a beat.
     *
     * @param seq that of the beat
     */
    static BeatResult read(List<Object> reply, long seq) {
        long outcome = number(reply.get(0));
        long storeMillis = number(reply.get(1));
        if (outcome == ACCEPTED) {
            return BeatResult.accepted(
                    storeMillis,
                    seq,
                    reply.size() < 3
                            ? null
                            : NodeCommand.parse(text(reply.get(2))).orElse(null));
        }
        long registered = number(text(reply.get(2)));
        return outcome == CONFLICT
                ? BeatResult.conflict(
                        storeMillis,
                        registered,
                        writer(text(reply.get(3)), text(reply.get(4))),
                        Math.max(0, number(reply.get(5))))
                : BeatResult.outdated(storeMillis, registered);
    }

    /** {@return the error with which an accepted beat could not read the command of the node; null if it could} */
    static @Nullable String commandFailure(List<Object> reply) {
        return failure(reply, 3);
    }

    /** {@return the error with which the message of an accepted beat was not published; null if it was} */
    static @Nullable String publishFailure(List<Object> reply) {
        return failure(reply, 4);
    }

    private static @Nullable String failure(List<Object> reply, int index) {
        String failure = number(reply.get(0)) == ACCEPTED && reply.size() > index ? text(reply.get(index)) : "";
        return failure.isEmpty() ? null : failure;
    }

    private static Writer writer(String id, String host) {
        try {
            return new Writer(id, host.isEmpty() ? null : host);
        } catch (IllegalArgumentException e) {
            // not written by an agent
            return UNKNOWN;
        }
    }

    private static long number(@Nullable Object reply) {
        return reply instanceof Long number ? number : 0;
    }

    private static long number(String digits) {
        try {
            return Math.max(0, Long.parseLong(digits));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, UTF_8) : "";
    }
}
