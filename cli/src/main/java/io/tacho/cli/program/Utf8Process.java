// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The arguments and the environment of this process as UTF-8. Java decodes them by the locale, and without one (cron, systemd,
 * {@code LC_ALL=C}) replaces everything beyond ASCII by U+FFFD; on Linux the bytes are still in {@code /proc}.
 */
final class Utf8Process {

    private static final char UNDECODED = '\uFFFD';
    private static final Path PROCESS = Path.of("/proc/self");

    private Utf8Process() {}

    /** Returns the arguments of the program, the last ones of the command line. */
    static String[] arguments(String... decoded) {
        return arguments(PROCESS, decoded);
    }

    /** {@return the environment} */
    static Map<String, String> environment() {
        return environment(PROCESS, System.getenv());
    }

    static String[] arguments(Path process, String... decoded) {
        if (Stream.of(decoded).noneMatch(Utf8Process::isUndecoded)) {
            return decoded;
        }
        List<String> all = texts(process.resolve("cmdline"));
        return all.size() < decoded.length
                ? decoded
                : all.subList(all.size() - decoded.length, all.size()).toArray(String[]::new);
    }

    static Map<String, String> environment(Path process, Map<String, String> decoded) {
        if (decoded.values().stream().noneMatch(Utf8Process::isUndecoded)) {
            return decoded;
        }
        Map<String, String> environment = new HashMap<>(decoded);
        for (String variable : texts(process.resolve("environ"))) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.replace(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return environment;
    }

    private static boolean isUndecoded(String text) {
        return text.indexOf(UNDECODED) >= 0;
    }

    /** Reads texts that end with NUL; none if the file cannot be read. */
    private static List<String> texts(Path file) {
        try {
            String all = new String(Files.readAllBytes(file), UTF_8);
            return Arrays.asList((all.endsWith("\0") ? all.substring(0, all.length() - 1) : all).split("\0", -1));
        } catch (IOException e) {
            // no /proc here: values with U+FFFD are rejected where they matter
            return List.of();
        }
    }
}
