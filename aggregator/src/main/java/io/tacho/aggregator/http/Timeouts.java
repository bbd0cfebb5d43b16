// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.time.Duration;

/**
 * The timeouts of a connection.
 *
 * @param idle until the first byte of a request
 * @param head from there to the end of its headers
 * @param body from there to the end of its body
 * @param response until an asynchronous response is available
 * @param responseTaken until the client has read a response
 * @param inputEnd until a client whose request was rejected closes its side
 */
public record Timeouts(
        Duration idle, Duration head, Duration body, Duration response, Duration responseTaken, Duration inputEnd) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(75),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));
}
