// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

/**
 * Escapes text of unknown origin for logs and terminals, as {@code \}{@code uXXXX}: control characters, with which a terminal is
 * controlled or a log line forged, and the invisible ones that change the direction or the order of text.
 */
public final class Printable {

    private Printable() {}

    /** Returns the text as part of one line. JSON stays valid JSON of the same value. */
    public static String line(String text) {
        return isPrintable(text) ? text : escaped(text, false);
    }

    /**
     * Returns the text with its tabs and line breaks. Lines after the first are indented unless they are already, so that no
     * line can pass as the beginning of another entry of a log.
     */
    public static String lines(String text) {
        return isPrintable(text) ? text : escaped(text, true);
    }

    /** Returns whether a character is visible, or a space, and changes nothing else of the output. */
    public static boolean isPrintable(int codePoint) {
        if (codePoint >= ' ' && codePoint <= '~') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static boolean isPrintable(String text) {
        return text.codePoints().allMatch(Printable::isPrintable);
    }

    private static String escaped(String text, boolean multiline) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int point = text.codePointAt(i);
            if (isPrintable(point) || (multiline && point == '\t')) {
                escaped.appendCodePoint(point);
            } else if (multiline && point == '\n') {
                boolean indented = i + 1 == text.length() || text.charAt(i + 1) == ' ' || text.charAt(i + 1) == '\t';
                escaped.append(indented ? "\n" : "\n  ");
            } else {
                for (char unit : Character.toChars(point)) {
                    escaped.append("\\u%04x".formatted((int) unit));
                }
            }
        }
        return escaped.toString();
    }
}
