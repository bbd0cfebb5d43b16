// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.api.Glob;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads a silence: {@code silence RULE [node=NAME] [from TIME] until TIME}. */
final class SilenceLine {

    private SilenceLine() {}

    /** @throws IllegalArgumentException saying what was found and what was expected */
    static Silence parse(Words words) {
        Glob rules = new Glob(words.next("the name of a rule; * is any text"));
        Glob nodes = words.nodes();
        @Nullable Instant from = words.take("from") ? time(words) : null;
        if (!words.take("until")) {
            words.end(from == null ? "node=NAME, from TIME or until TIME" : "until TIME");
            throw new IllegalArgumentException("the line ends (expected: until TIME: a silence has an end)");
        }
        Instant until = time(words);
        words.end("the end of the line");
        if (from != null && !from.isBefore(until)) {
            throw new IllegalArgumentException(
                    "from " + from + " until " + until + " (expected: an end after the beginning)");
        }
        return new Silence(rules, nodes, from, until);
    }

    private static Instant time(Words words) {
        String text = words.next("a time, e.g. 2026-12-01T00:00Z");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' (expected: a time with its zone, e.g. 2026-12-01T00:00Z or 2026-12-01T01:00+01:00)",
                    e);
        }
    }
}
