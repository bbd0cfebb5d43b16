// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The format of the log. */
public enum LogFormat {
    /** Lines for people, see {@link TextLine}. */
    TEXT,
    /** Objects for programs, see {@link JsonLine}. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Converts the value of the option. */
    public static final class Converter implements ITypeConverter<LogFormat> {

        @Override
        public LogFormat convert(String value) {
            return switch (value) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default -> throw new TypeConversionException("'" + value + "' (expected: text or json)");
            };
        }
    }
}
