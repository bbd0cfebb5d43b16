// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads text that people have written with any editor. */
public final class TextFiles {

    /** At the start of a line, because files are concatenated. */
    private static final Pattern BYTE_ORDER_MARKS = Pattern.compile("(?m)^\uFEFF+");

    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n]+\\z");

    private TextFiles() {}

    /**
     * Returns the text of a file in UTF-8, without byte order marks.
     *
     * @throws IOException if the file is not readable, or not UTF-8
     */
    public static String read(Path file) throws IOException {
        return BYTE_ORDER_MARKS.matcher(Files.readString(file)).replaceAll("");
    }

    /** {@return the text without line ends at its end, which shells and files add to a value} */
    public static String withoutLineEnd(String text) {
        return LINE_ENDS.matcher(text).replaceFirst("");
    }
}
