// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.tacho.text.Printable;
import io.tacho.text.Urls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The log of the program, on standard error unless the user provides a configuration of logback's. */
public final class ProgramLog {

    private static final String CONFIGURATION = "logback.configurationFile";
    private static final String PROVIDER = LoggerFactory.PROVIDER_PROPERTY_KEY;

    /** Libraries log for their developers: Lettuce logs every lost connection, which Tacho logs once. */
    private static final Map<String, Level> QUIET =
            Map.of("io.lettuce", Level.ERROR, "io.netty", Level.INFO, "reactor", Level.INFO);

    /** On TRACE it would log the password, which is part of what is sent. */
    private static final String SENDER = "io.lettuce.core.protocol.CommandEncoder";

    private final @Nullable LoggerContext context;

    private ProgramLog(@Nullable LoggerContext context) {
        this.context = context;
    }

    /** Selects the provider of this program, unless the user configures logback; called before the first logger is created. */
    public static void selectProvider() {
        if (System.getProperty(CONFIGURATION) == null && System.getProperty(PROVIDER) == null) {
            System.setProperty(PROVIDER, ProgramLogProvider.class.getName());
            // SLF4J would print on standard error which provider it uses
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
    }

    /** This process' log; logback is not begun with where the user configures it. */
    public static ProgramLog current() {
        boolean ours = System.getProperty(CONFIGURATION) == null;
        return new ProgramLog(
                ours && LoggerFactory.getILoggerFactory() instanceof LoggerContext context ? context : null);
    }

    static ProgramLog of(LoggerContext context) {
        return new ProgramLog(context);
    }

    /** Returns text for a terminal or a log: without the secrets of URLs, and without control characters. */
    static String text(String message) {
        return Printable.lines(Urls.maskedIn(message));
    }

    public void configure(LogFormat format, List<LogLevel> levels) {
        if (context == null) {
            return;
        }
        context.reset();
        LayoutBase<ILoggingEvent> line = format == LogFormat.JSON ? new JsonLine() : new TextLine();
        line.setContext(context);
        line.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(line);
        encoder.setCharset(UTF_8);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("STDERR");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(LogLevel.DEFAULT.logger()).addAppender(appender);
        levels(levels);
    }

    /** Replaces all levels by these; returns a description of the changes. */
    public String levels(List<LogLevel> levels) {
        if (context == null) {
            return "";
        }
        Map<String, Level> before = levels();
        Map<String, Level> wanted = new TreeMap<>();
        wanted.put(LogLevel.DEFAULT.logger(), LogLevel.DEFAULT.level());
        levels.forEach(each -> wanted.put(each.logger(), each.level()));
        Level all = Objects.requireNonNull(wanted.get(LogLevel.DEFAULT.logger()));
        QUIET.forEach((logger, level) -> wanted.putIfAbsent(logger, all.isGreaterOrEqual(level) ? all : level));
        before.keySet().stream()
                .filter(logger -> !wanted.containsKey(logger))
                .forEach(logger -> context.getLogger(logger).setLevel(null));
        wanted.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
        Logger sender = context.getLogger(SENDER);
        if (!sender.getEffectiveLevel().isGreaterOrEqual(Level.DEBUG)) {
            sender.setLevel(Level.DEBUG);
        }
        return changes(before, levels());
    }

    private Map<String, Level> levels() {
        Map<String, Level> levels = new TreeMap<>();
        for (Logger logger : Objects.requireNonNull(context).getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(logger.getName(), logger.getLevel());
            }
        }
        return levels;
    }

    private static String changes(Map<String, Level> before, Map<String, Level> now) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> loggers = new TreeSet<>(before.keySet());
        loggers.addAll(now.keySet());
        for (String logger : loggers) {
            if (!Objects.equals(before.get(logger), now.get(logger))) {
                changes.add("log level of " + (logger.equals(LogLevel.DEFAULT.logger()) ? "all" : logger) + ": "
                        + text(before.get(logger)) + " → " + text(now.get(logger)));
            }
        }
        return String.join(", ", changes);
    }

    private static String text(@Nullable Level level) {
        return level == null ? "as above it" : LogLevel.text(level);
    }
}
