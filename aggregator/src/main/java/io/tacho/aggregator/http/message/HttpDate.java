// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The Date header, formatted once per second.
 *
 * <p>Thread safety: safe.
 */
final class HttpDate {

    /**
     * The header of one second.
     *
     * @param second since 1970
     * @param line the complete header line; must not be changed
     */
    record Line(long second, byte[] line) {

        /** {@return the value of the header} */
        String value() {
            return new String(line, NAME.length(), line.length - NAME.length() - 2, US_ASCII);
        }
    }

    private static final String NAME = "Date: ";

    private static final DateTimeFormatter RFC_1123 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private volatile Line line = new Line(Long.MIN_VALUE, new byte[0]);

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    Line now() {
        long second = Math.floorDiv(clock.millis(), 1_000);
        Line current = line;
        if (current.second() != second) {
            String text = NAME + RFC_1123.format(Instant.ofEpochSecond(second)) + "\r\n";
            current = new Line(second, text.getBytes(US_ASCII));
            line = current;
        }
        return current;
    }
}
