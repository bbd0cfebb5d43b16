// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgramLogTest {

    private static String line(Level level, String message, @Nullable Throwable thrown, Object... arguments) {
        var logger = new LoggerContext().getLogger("io.tacho.some.Collector");
        return new ProgramLog.Line().doLayout(new LoggingEvent("caller", logger, level, message, thrown, arguments));
    }

    @Test
    void line_timeLevelNameAndMessage() {
        assertThat(line(Level.INFO, "{} of {}", null, 3, 4))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  Collector - 3 of 4\n");
        assertThat(line(Level.ERROR, "bad", null)).contains("ERROR Collector - bad");
    }

    @Test
    void line_whatWasThrownStandsBelow() {
        assertThat(line(Level.WARN, "failed", new IllegalStateException("outer", new RuntimeException("inner"))))
                .contains("WARN  Collector - failed\njava.lang.IllegalStateException: outer", "Caused by: ", "inner");
    }
}
