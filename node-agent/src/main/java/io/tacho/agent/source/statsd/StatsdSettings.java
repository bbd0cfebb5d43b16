// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen for StatsD packets, and what their names mean.
 *
 * @param listen UDP address; null where only the socket is listened on
 * @param socket path of a Unix datagram socket; null without
 * @param mapping file with names of one's own; null without
 * @param oldAfter after how long without a word the numbers are old
 * @param goneAfter after how long without a word the node is let go
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
