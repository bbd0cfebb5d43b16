// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramLogTest {

    private final LoggerContext context = new LoggerContext();

    private String line(
            LayoutBase<ch.qos.logback.classic.spi.ILoggingEvent> layout,
            Level level,
            String message,
            @Nullable Throwable thrown,
            Object... arguments) {
        var logger = context.getLogger("io.tacho.some.Collector");
        return layout.doLayout(new LoggingEvent("caller", logger, level, message, thrown, arguments));
    }

    private JsonNode json(String message, @Nullable Throwable thrown, Object... arguments) throws Exception {
        String line = line(new JsonLine(), Level.WARN, message, thrown, arguments);
        assertThat(line).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n", "\r");
        return JsonMapper.builder().build().readTree(line);
    }

    private static LogLevel level(String text) {
        return new LogLevel.Converter().convert(text);
    }

    private Level effective(String logger) {
        return context.getLogger(logger).getEffectiveLevel();
    }

    @Test
    void text_hasTimeLevelLoggerAndMessage() {
        assertThat(line(new TextLine(), Level.INFO, "{} of {}", null, 3, 4))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  Collector - 3 of 4\n");
        assertThat(line(new TextLine(), Level.ERROR, "bad", null)).contains("ERROR Collector - bad");
    }

    @Test
    void text_exception_isOnTheFollowingLines() {
        assertThat(line(
                        new TextLine(),
                        Level.WARN,
                        "failed",
                        new IllegalStateException("outer", new RuntimeException("inner"))))
                .contains("WARN  Collector - failed\njava.lang.IllegalStateException: outer", "Caused by: ", "inner");
    }

    @Test
    void json_hasAllMembers() throws Exception {
        JsonNode line = json("{} of {}", null, 3, 4);

        assertThat(line.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("io.tacho.some.Collector");
        assertThat(line.path("thread").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(line.path("message").asText()).isEqualTo("3 of 4");
        assertThat(line.size()).isEqualTo(5);
    }

    @Test
    void json_exception_hasItsCause() throws Exception {
        JsonNode line = json("failed", new IllegalStateException("out\"er", new RuntimeException("in\nner")));

        assertThat(line.path("exception").asText())
                .startsWith("java.lang.IllegalStateException: out\"er\n")
                .contains("\tat ", "Caused by: java.lang.RuntimeException: in\nner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\\",
                "a\nb\r\nc\td",
                "\u0000\u0001\u001b[31m\u007f",
                "ü€\u2028",
                "\uD83D\uDE00",
                "\\u0041",
                "/",
                "{}"
            })
    void json_specialCharacters_areEscaped(String text) throws Exception {
        assertThat(json(text, null).path("message").asText()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE00b", "\uDE00\uD83D"})
    void json_unpairedSurrogates_areEscaped(String text) {
        assertThat(line(new JsonLine(), Level.INFO, text, null))
                .matches("\\p{ASCII}+")
                .contains("\\ud");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[31m", "\u009b31m", "\u202egnp", "\u2066", "\u0085", "\r"})
    void controlCharacters_areEscapedInBothFormats(String control) throws Exception {
        Exception thrown = new IllegalStateException("b" + control);
        String escaped = "\\u%04x".formatted((int) control.charAt(0)) + control.substring(1);

        assertThat(line(new TextLine(), Level.WARN, "node {}", thrown, "a" + control))
                .contains("node a" + escaped, "IllegalStateException: b" + escaped)
                .doesNotContain(control.substring(0, 1));
        assertThat(line(new JsonLine(), Level.WARN, "node {}", thrown, "a" + control))
                .doesNotContain(control.substring(0, 1));
        assertThat(json("{}", thrown, control).path("message").asText()).isEqualTo(control);
    }

    @Test
    void text_lineBreaksInAMessage_doNotForgeAnEntry() {
        String forged = "2026-01-31T12:00:00.000Z INFO  Collector - forged";

        assertThat(line(new TextLine(), Level.WARN, "a\n" + forged, new IllegalStateException("b\n" + forged)))
                .contains("a\n  " + forged, "b\n  " + forged);
    }

    @Test
    void secretsOfUrls_areMaskedInBothFormats() throws Exception {
        Exception thrown = new IllegalStateException("GET http://h/?token=s3cret");

        assertThat(line(new TextLine(), Level.WARN, "{}", thrown, "redis://u:s3cret@h"))
                .contains("redis://u:***@h", "http://h/?token=***")
                .doesNotContain("s3cret");
        assertThat(json("{}", thrown, "redis://u:s3cret@h").toString())
                .contains("redis://u:***@h", "http://h/?token=***")
                .doesNotContain("s3cret");
    }

    @Test
    void levels_defaultAndPerLogger() {
        ProgramLog log = ProgramLog.of(context);

        log.levels(List.of(level("warn"), level("io.tacho.redis=debug")));

        assertThat(effective("io.tacho.aggregator")).isEqualTo(Level.WARN);
        assertThat(effective("io.tacho.redis.connection.RedisLink")).isEqualTo(Level.DEBUG);
        assertThat(effective("io.lettuce.core")).isEqualTo(Level.ERROR);
        assertThat(effective("io.netty")).isEqualTo(Level.WARN);

        String changes = log.levels(List.of(level("debug"), level("io.lettuce=info")));

        assertThat(changes)
                .isEqualTo("log level of all: warn → debug, log level of io.lettuce: error → info,"
                        + " log level of io.netty: warn → info, log level of io.tacho.redis: debug → as above it,"
                        + " log level of reactor: warn → info");
        assertThat(effective("io.tacho.redis.connection.RedisLink")).isEqualTo(Level.DEBUG);
        assertThat(log.levels(List.of(level("debug"), level("io.lettuce=info"))))
                .isEmpty();
    }

    @Test
    void levels_withoutDefault_isInfo() {
        ProgramLog.of(context).levels(List.of(level("io.tacho=trace")));

        assertThat(effective("org.example")).isEqualTo(Level.INFO);
        assertThat(effective("io.tacho.redis")).isEqualTo(Level.TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.lettuce=trace",
                "io.lettuce.core.protocol=trace",
                "io.lettuce.core.protocol.CommandEncoder=trace"
            })
    void levels_trace_sentRedisCommandsAreNotLogged(String trace) {
        ProgramLog log = ProgramLog.of(context);

        log.levels(List.of(level(trace)));

        assertThat(effective("io.lettuce.core.protocol.CommandEncoder")).isEqualTo(Level.DEBUG);
        log.levels(List.of());
        assertThat(effective("io.lettuce.core.protocol.CommandEncoder")).isEqualTo(Level.ERROR);
    }
}
