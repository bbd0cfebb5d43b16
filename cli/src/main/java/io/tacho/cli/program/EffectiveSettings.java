// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.Urls;
import io.tacho.units.Durations;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The effective settings of a command in the form of a configuration file with the same settings: one line for the origin, one line
 * for the value. Defaults and masked values are comments.
 *
 * @param computed the values of defaults that depend on other settings, by name
 */
record EffectiveSettings(CommandSpec command, Map<String, ?> computed) {

    /** Prints all settings. */
    void print(PrintWriter out) {
        out.println("# " + command.qualifiedName() + ": effective settings");
        Path file = Settings.of(command).path(command);
        out.println("# file: " + (file == null ? "none" : file));
        for (OptionSpec option : SettingNames.options(command)) {
            String name = SettingNames.of(option);
            if (!name.equals(SettingNames.CONFIG)) {
                print(out, option, name);
            }
        }
        out.flush();
    }

    private void print(PrintWriter out, OptionSpec option, String name) {
        String origin = origin(option);
        Object value = option.getValue();
        if (origin == null && computed.get(name) != null) {
            value = computed.get(name);
        }
        String text = value instanceof Duration && origin != null ? written(option) : text(value);
        String shown = value instanceof Path ? text : Urls.masked(text);
        line(out, name, shown, origin, !shown.equals(text) || value instanceof Secret);

        String secret = SettingNames.secret(option);
        ResolvedValue given = secret == null ? null : Settings.of(command).find(command, secret);
        if (secret != null && given != null) {
            line(out, secret, Urls.MASK, given.origin(), true);
        }
    }

    private static void line(PrintWriter out, String name, String value, @Nullable String origin, boolean masked) {
        out.println("# " + (origin == null ? "default" : origin) + (masked ? ", masked" : ""));
        out.println((origin == null || masked ? "#" : "") + (name + " = " + escaped(value)).strip());
    }

    /** Returns the origin of a value; null for a default. */
    private @Nullable String origin(OptionSpec option) {
        ResolvedValue given = Settings.of(command).resolvedValue(option);
        if (given != null) {
            return given.origin();
        }
        return command.commandLine().getParseResult().hasMatchedOption(option) ? "flag" : null;
    }

    /** {@return the value of an option that is not a default, as it was written} */
    private String written(OptionSpec option) {
        ResolvedValue resolved = Settings.of(command).resolvedValue(option);
        return resolved == null ? option.stringValues().get(0) : resolved.value();
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(EffectiveSettings::text).collect(Collectors.joining(","));
        }
        return value instanceof Duration duration ? Durations.format(duration) : value.toString();
    }

    /** Escapes a value as in Java properties, in ASCII, so that the encoding of standard output does not matter. */
    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || (i == 0 && c == ' ')) {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
