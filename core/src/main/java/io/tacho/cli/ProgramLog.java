// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of our programs: a line an event on standard error, unless the user gives a configuration of logback's. */
final class ProgramLog {

    private static final String CONFIGURATION = "logback.configurationFile";

    private ProgramLog() {}

    static void configure() {
        if (System.getProperty(CONFIGURATION) != null
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        Line line = new Line();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("STDERR");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        // it logs every lost connection, which we say once
        context.getLogger("io.lettuce").setLevel(Level.ERROR);
    }

    /** {@code 2026-01-31T12:00:00.000Z INFO  Collector - what happened}, and what was thrown below it. */
    static final class Line extends LayoutBase<ILoggingEvent> {

        private final DateTimeFormatter time =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

        @Override
        public String doLayout(ILoggingEvent event) {
            String logger = event.getLoggerName();
            String level = event.getLevel().toString();
            StringBuilder line = new StringBuilder(128);
            time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
            line.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
            line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
            line.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            return line.toString();
        }
    }
}
