// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads text that people have written with any editor. */
public final class TextFiles {

    /** At the start of a line, because files are concatenated. */
    private static final Pattern BYTE_ORDER_MARKS = Pattern.compile("(?m)^\uFEFF+");

    private static final int MAX_BYTES = 1024 * 1024;

    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n]+\\z");

    private TextFiles() {}

    /**
     * Returns the text of a file in UTF-8, without byte order marks.
     *
     * @throws IOException if the file is not readable, not UTF-8, or larger than 1 MiB
     */
    public static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("more than 1 MiB");
        }
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return BYTE_ORDER_MARKS.matcher(text).replaceAll("");
    }

    /** {@return why a file could not be read, for messages that name the file} */
    public static String cause(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        String reason = failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }

    /** {@return the text without line ends at its end, which shells and files add to a value} */
    public static String withoutLineEnd(String text) {
        return LINE_ENDS.matcher(text).replaceFirst("");
    }
}
