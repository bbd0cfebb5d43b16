// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads keys: a character as itself, the others by name, e.g. {@code UP}; {@code END_OF_INPUT} at the end. */
final class Keyboard {

    static final String END_OF_INPUT = "END_OF_INPUT";

    private static final int ESCAPE = 27;
    private static final long ESCAPE_MILLIS = 50;

    private static final Map<String, String> SEQUENCES = Map.ofEntries(
            Map.entry("[A", "UP"),
            Map.entry("[B", "DOWN"),
            Map.entry("[C", "RIGHT"),
            Map.entry("[D", "LEFT"),
            Map.entry("OA", "UP"),
            Map.entry("OB", "DOWN"),
            Map.entry("OC", "RIGHT"),
            Map.entry("OD", "LEFT"),
            Map.entry("[H", "HOME"),
            Map.entry("[F", "END"),
            Map.entry("[1~", "HOME"),
            Map.entry("[4~", "END"),
            Map.entry("[5~", "PAGE_UP"),
            Map.entry("[6~", "PAGE_DOWN"));

    private final InputStream in;

    Keyboard(InputStream in) {
        this.in = in;
    }

    /** Waits for the next key; one that has no name is {@code UNKNOWN}. */
    String next() throws IOException, InterruptedException {
        int first = in.read();
        return switch (first) {
            case -1 -> END_OF_INPUT;
            case '\r', '\n' -> "ENTER";
            case 8, 127 -> "BACKSPACE";
            case 21 -> "CLEAR";
            case ESCAPE -> escape();
            default -> first < ' ' ? "UNKNOWN" : character(first);
        };
    }

    private String escape() throws IOException, InterruptedException {
        // the rest of a sequence comes at once, a person does not
        if (in.available() == 0) {
            TimeUnit.MILLISECONDS.sleep(ESCAPE_MILLIS);
        }
        StringBuilder sequence = new StringBuilder();
        while (in.available() > 0 && sequence.length() < 8) {
            char next = (char) in.read();
            sequence.append(next);
            if (sequence.length() > 1 && (Character.isLetter(next) || next == '~')) {
                break;
            }
        }
        return sequence.length() == 0 ? "ESCAPE" : SEQUENCES.getOrDefault(sequence.toString(), "UNKNOWN");
    }

    private String character(int first) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4);
        bytes.write(first);
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
        for (int i = 0; i < more; i++) {
            bytes.write(in.read());
        }
        return bytes.toString(UTF_8);
    }
}
