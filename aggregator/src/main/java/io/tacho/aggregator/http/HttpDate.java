// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of the Date header, written once a second.
 *
 * <p>Thread safety: safe.
 */
final class HttpDate {

    private record Written(long second, String text) {}

    private static final DateTimeFormatter RFC_1123 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private volatile Written written = new Written(Long.MIN_VALUE, "");

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    String now() {
        long second = Math.floorDiv(clock.millis(), 1_000);
        Written current = written;
        if (current.second() != second) {
            current = new Written(second, RFC_1123.format(Instant.ofEpochSecond(second)));
            written = current;
        }
        return current.text();
    }
}
