// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.DateFormatter;
import java.time.InstantSource;
import java.util.Date;

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
    record Line(long second, byte[] line) {}

    private final InstantSource clock;
    private volatile Line line = new Line(Long.MIN_VALUE, new byte[0]);

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    Line now() {
        long second = Math.floorDiv(clock.millis(), 1_000);
        Line current = line;
        if (current.second() != second) {
            String text = "Date: " + DateFormatter.format(new Date(1_000 * second)) + "\r\n";
            current = new Line(second, text.getBytes(US_ASCII));
            line = current;
        }
        return current;
    }
}
