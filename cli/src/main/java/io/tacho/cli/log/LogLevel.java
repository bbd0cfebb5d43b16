// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import ch.qos.logback.classic.Level;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The level of a logger and all below it: {@code debug} for all of them, {@code io.tacho.redis=debug} for some. */
public record LogLevel(String logger, Level level) {

    public static final LogLevel DEFAULT = new LogLevel(Logger.ROOT_LOGGER_NAME, Level.INFO);

    private static final Map<String, Level> LEVELS = Map.of(
            "trace", Level.TRACE,
            "debug", Level.DEBUG,
            "info", Level.INFO,
            "warn", Level.WARN,
            "error", Level.ERROR,
            "off", Level.OFF);

    private static final Pattern FORM = Pattern.compile("(?:([A-Za-z_$][\\w.$-]*)=)?(\\w+)");

    static String text(Level level) {
        return level.toString().toLowerCase(Locale.ROOT);
    }

    /** In the form that it is read from. */
    @Override
    public String toString() {
        return (logger.equals(Logger.ROOT_LOGGER_NAME) ? "" : logger + "=") + text(level);
    }

    /** Converts the value of the option. */
    public static final class Converter implements ITypeConverter<LogLevel> {

        @Override
        public LogLevel convert(String value) {
            Matcher matcher = FORM.matcher(value.strip());
            Level level = matcher.matches() ? LEVELS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
            if (level == null) {
                throw new TypeConversionException(
                        "'" + value + "' (expected: trace, debug, info, warn, error or off, or LOGGER=LEVEL)");
            }
            return new LogLevel(matcher.group(1) == null ? DEFAULT.logger() : matcher.group(1), level);
        }
    }
}
