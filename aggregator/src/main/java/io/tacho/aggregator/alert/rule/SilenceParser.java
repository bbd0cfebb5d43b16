// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.text.Glob;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Parses the line of a silence: {@code silence RULE [node=NAME] [from TIME] until TIME}. */
final class SilenceParser {

    private SilenceParser() {}

    /**
     * Parses a silence from the tokens after the keyword {@code silence}.
     *
     * @throws IllegalArgumentException stating the found and the expected value
     */
    static Silence parse(Tokenizer tokens) {
        Glob rules = new Glob(tokens.next("the name of a rule; * matches any text"));
        Glob nodes = tokens.nextNodeFilterOrAny();
        @Nullable Instant startsAt = tokens.skipIfNext("from") ? parseTime(tokens) : null;
        if (!tokens.skipIfNext("until")) {
            tokens.expectEnd(startsAt == null ? "node=NAME, from TIME or until TIME" : "until TIME");
            throw new IllegalArgumentException("end of line (expected: until TIME)");
        }
        Instant endsAt = parseTime(tokens);
        tokens.expectEnd("end of line");
        if (startsAt != null && !startsAt.isBefore(endsAt)) {
            throw new IllegalArgumentException(
                    "from " + startsAt + " until " + endsAt + " (expected: an end after the start)");
        }
        return new Silence(rules, nodes, startsAt, endsAt);
    }

    /** Parses a time with its zone. */
    private static Instant parseTime(Tokenizer tokens) {
        String text = tokens.next("a time, e.g. 2026-12-01T00:00Z");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' (expected: a time with its zone, e.g. 2026-12-01T00:00Z or 2026-12-01T01:00+01:00)",
                    e);
        }
    }
}
