// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A validated command of a client.
 *
 * @param kind what to do
 * @param subject the user of a connect, the channel of everything else
 * @param data what to publish; a missing node for everything else
 */
record HubCommand(Kind kind, String subject, JsonNode data) {

    enum Kind {
        CONNECT("user"),
        SUBSCRIBE("channel"),
        UNSUBSCRIBE("channel"),
        PUBLISH("channel"),
        PRESENCE("channel");

        private final String subjectField;

        Kind(String subjectField) {
            this.subjectField = subjectField;
        }

        /** Returns the field that has the subject of the command. */
        String subjectField() {
            return subjectField;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> of(String key) {
            return Arrays.stream(values())
                    .filter(kind -> kind.key().equals(key))
                    .findFirst();
        }

        static String all() {
            return Arrays.stream(values()).map(Kind::key).collect(Collectors.joining(", "));
        }
    }
}
