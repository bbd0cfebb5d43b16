// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** The warnings and errors of a soak: of this JVM, and of programs in separate processes. */
final class SoakLog implements AutoCloseable {

    private static final Pattern LINE = Pattern.compile("(?m)^\\S+ (?:WARN|ERROR) +\\S+ - (.*)$");

    /** A library whose warnings the programs do not log either. */
    private static final String LIBRARY_WITHOUT_WARNINGS = "io.lettuce.";

    /** A program, and how much of its log has been read. */
    private static final class Followed {

        private final ChildProcess program;
        private int read;

        private Followed(ChildProcess program) {
            this.program = program;
        }
    }

    private final Runbook runbook = Runbook.read();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Map<String, Integer> rows = new TreeMap<>();
    private final List<String> unexplained = new ArrayList<>();
    private final List<Followed> followed = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            boolean logsWarnings = !event.getLoggerName().startsWith(LIBRARY_WITHOUT_WARNINGS);
            if (event.getLevel().isGreaterOrEqual(logsWarnings ? Level.WARN : Level.ERROR)) {
                add(event.getFormattedMessage());
            }
        }
    };

    SoakLog() throws IOException {
        appender.start();
        root.addAppender(appender);
    }

    /** Reads the log of a program too, from its start on. */
    ChildProcess follow(ChildProcess program) {
        followed.add(new Followed(program));
        return program;
    }

    private synchronized void add(String line) {
        runbook.rowOf(line).ifPresentOrElse(row -> rows.merge(row, 1, Integer::sum), () -> unexplained.add(line));
    }

    /** {@return the lines so far that no row of the runbook explains} */
    synchronized List<String> unexplained() throws IOException {
        for (Followed each : followed) {
            String log = each.program.log();
            String news = log.substring(each.read, log.lastIndexOf('\n') + 1);
            each.read += news.length();
            for (MatchResult line : (Iterable<MatchResult>) LINE.matcher(news).results()::iterator) {
                add(line.group(1));
            }
        }
        followed.removeIf(each -> !each.program.isAlive());
        return List.copyOf(unexplained);
    }

    /** {@return how many lines so far each row of the runbook explains} */
    synchronized Map<String, Integer> rows() {
        return Map.copyOf(rows);
    }

    @Override
    public void close() {
        root.detachAppender(appender);
    }
}
