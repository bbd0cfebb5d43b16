// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

/** The width of printable text in the cells of a terminal. */
final class Text {

    /** Symbols outside the wide ranges that terminals show as emoji (East Asian Width W). */
    private static final String WIDE_SYMBOLS =
            "⌚⌛〈〉⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎" + "❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕🀄🃏🆎🆑🆒🆓🆔🆕🆖🆗🆘🆙🆚";

    private static final int JOINER = 0x200D;

    private Text() {}

    /** Cells that a terminal takes for it. */
    static int width(String text) {
        int width = 0;
        int before = 0;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int point = text.codePointAt(i);
            width += width(before, point);
            before = point;
        }
        return width;
    }

    /** The cells of a character after another one: an emoji that continues the one before it takes none. */
    private static int width(int before, int point) {
        boolean isSkinTone = point >= 0x1F3FB && point <= 0x1F3FF;
        return (isSkinTone && isWide(before)) || (before == JOINER && isWide(point)) ? 0 : width(point);
    }

    private static int width(int point) {
        int type = Character.getType(point);
        boolean isJamoOfASyllable = point >= 0x1160 && point <= 0x11FF;
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || isJamoOfASyllable) {
            return 0;
        }
        return isWide(point) ? 2 : 1;
    }

    /** Hangul, Han and its neighbours, full-width forms, pictures. */
    private static boolean isWide(int point) {
        return (point >= 0x1100 && point <= 0x115F)
                || (point >= 0x2E80 && point <= 0xA4CF && point != 0x303F)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xF900 && point <= 0xFAFF)
                || (point >= 0xFE30 && point <= 0xFE6F)
                || (point >= 0xFF00 && point <= 0xFF60)
                || (point >= 0xFFE0 && point <= 0xFFE6)
                || (point >= 0x1F200 && point <= 0x1FAFF)
                || (point >= 0x20000 && point <= 0x3FFFD)
                || (point >= 0x231A && WIDE_SYMBOLS.indexOf(point) >= 0);
    }

    /** Exactly as wide as asked for: filled up at its end, or cut. */
    static String left(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(width - width(cut));
    }

    /** Exactly as wide as asked for: filled up at its beginning, or cut. */
    static String right(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(width - width(cut)) + cut;
    }

    /** At most as wide as asked for; what is cut off ends with an ellipsis. */
    static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        int before = 0;
        for (int point : text.codePoints().toArray()) {
            used += width(before, point);
            before = point;
            if (used > width - 1) {
                break;
            }
            cut.appendCodePoint(point);
        }
        return width > 0 ? cut.append('…').toString() : "";
    }
}
