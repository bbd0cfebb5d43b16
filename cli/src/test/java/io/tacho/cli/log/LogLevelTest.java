// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The values of {@code --log-level} and {@code --log-format}. */
class LogLevelTest {

    private final LogLevel.Converter levels = new LogLevel.Converter();
    private final LogFormat.Converter formats = new LogFormat.Converter();

    @ParameterizedTest
    @CsvSource({
        "debug, debug",
        "' WARN ', warn",
        "io.tacho.redis=Trace, io.tacho.redis=trace",
        "a$b-c=off, a$b-c=off",
        "ROOT=error, error"
    })
    void level_formattedAndParsed_isEqual(String text, String written) {
        assertThat(levels.convert(text)).hasToString(written);
        assertThat(levels.convert(written)).isEqualTo(levels.convert(text));
    }

    @Test
    void level_withoutLogger_appliesToAllLoggers() {
        assertThat(levels.convert("info")).isEqualTo(LogLevel.DEFAULT);
        assertThat(levels.convert("x=error")).isEqualTo(new LogLevel("x", Level.ERROR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "verbose", "=debug", "a=", "a=b=info", "1a=info", "a b=info", "all", "ı=info"})
    void unknownLevel_isRejected(String text) {
        assertThatThrownBy(() -> levels.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' (expected: trace, debug, info, warn, error or off, or LOGGER=LEVEL)");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void format_formattedAndParsed_isEqual(LogFormat format) {
        assertThat(formats.convert(format.toString())).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "JSON", "xml", "json "})
    void unknownFormat_isRejected(String text) {
        assertThatThrownBy(() -> formats.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' (expected: text or json)");
    }
}
