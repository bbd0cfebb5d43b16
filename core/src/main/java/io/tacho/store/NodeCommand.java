// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of an operator to a node. Its agent acknowledges it with the id in its beats.
 *
 * @param action what the node does
 * @param id distinguishes commands of the same action: 1 to 64 printable ASCII characters without spaces
 */
public record NodeCommand(Action action, String id) {

    /** The effect of a command on a node. */
    public enum Action {
        /** Announce that it accepts no new clients and will leave. */
        DRAIN,
        /** Accept new clients again. */
        UNDRAIN;

        /** {@return the action in lower case, as in paths and in Redis} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The longest id. */
    public static final int MAX_ID_LENGTH = 64;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern TEXT = Pattern.compile("(drain|undrain) ([!-~]{1," + MAX_ID_LENGTH + "})");

    /** {@return a new command with a random id} */
    public static NodeCommand of(Action action) {
        return new NodeCommand(action, HexFormat.of().toHexDigits(RANDOM.nextLong()));
    }

    /** {@return the command of its text; empty if it is none, or one of a later version} */
    public static Optional<NodeCommand> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new NodeCommand(Action.valueOf(parts.group(1).toUpperCase(Locale.ROOT)), parts.group(2)))
                : Optional.empty();
    }

    /** {@return the action and the id, separated by a space} */
    public String text() {
        return action.label() + ' ' + id;
    }
}
