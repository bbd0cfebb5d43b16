// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.time.Duration;

/**
 * How long a connection may take for what.
 *
 * @param idle until the first byte of a request
 * @param head from there to the end of its headers
 * @param body from there to the end of its body
 * @param working until an answer is there that is worked on elsewhere
 * @param taking until an answer is taken
 * @param lingering until a client that was refused ends its side
 */
public record Timeouts(
        Duration idle, Duration head, Duration body, Duration working, Duration taking, Duration lingering) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(75),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));
}
