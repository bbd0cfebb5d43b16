// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tacho.text.Printable;
import io.tacho.text.Urls;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One JSON object a line: {@code timestamp} (UTC), {@code level}, {@code logger}, {@code thread}, {@code message}, and
 * {@code exception}, a stack trace, where something was thrown.
 */
final class JsonLine extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"timestamp\":\"");
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append('"');
        member(line, "level", event.getLevel().toString());
        member(line, "logger", event.getLoggerName());
        member(line, "thread", event.getThreadName());
        member(line, "message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            member(line, "exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.append("}\n").toString();
    }

    private static void member(StringBuilder line, String name, String text) {
        char[] quoted = JsonStringEncoder.getInstance().quoteAsString(Urls.maskedIn(text));
        line.append(",\"")
                .append(name)
                .append("\":\"")
                .append(Printable.line(String.valueOf(quoted)))
                .append('"');
    }
}
