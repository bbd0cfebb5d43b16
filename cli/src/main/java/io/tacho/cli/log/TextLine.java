// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** {@code 2026-01-31T12:00:00.000Z INFO  Collector - what happened}, and what was thrown below it. */
final class TextLine extends LayoutBase<ILoggingEvent> {

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
        line.append(ProgramLog.text(event.getFormattedMessage())).append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ProgramLog.text(ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
        return line.toString();
    }
}
