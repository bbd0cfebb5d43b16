// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The addresses on which StatsD packets are received, and the meaning of their names.
 *
 * @param listen UDP address; null if there is only the socket
 * @param socket path of a Unix datagram socket; null if there is none
 * @param mapping file with additional metric names; null if there is none
 * @param oldAfter the time without a line after which the numbers are stale
 * @param goneAfter the time without a line after which the node leaves
 */
public record StatsdSettings(
        @Nullable InetSocketAddress listen,
        @Nullable Path socket,
        @Nullable Path mapping,
        Duration oldAfter,
        Duration goneAfter) {

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public StatsdSettings {
        if (listen == null && socket == null) {
            throw new IllegalArgumentException(
                    "source: statsd without listen and socket (expected: one of them, or both)");
        }
    }
}
