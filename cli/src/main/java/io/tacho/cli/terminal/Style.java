// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.util.Map;

/** Colour and weight, where they are wanted. */
enum Style {
    PLAIN(""),
    BOLD("1"),
    QUIET("2"),
    HEAD("7"),
    GOOD("32"),
    WARN("33"),
    BAD("1;31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String paint(String text, boolean colour) {
        return !colour || this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Returns a line of the table as the selected one: with inverted colors; without colors, with a mark in its first cell. */
    static String selected(String line, boolean colour) {
        return colour
                ? "\u001b[7m" + line.replace("\u001b[0m", "\u001b[0;7m") + "\u001b[0m"
                : ">" + line.substring(line.offsetByCodePoints(0, 1));
    }

    /** Returns true if the terminal supports colors and the user has not disabled them: https://no-color.org. */
    static boolean isWanted(boolean terminal, Map<String, String> environment) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }
}
