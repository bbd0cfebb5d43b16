// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.agent.source.SourceTimeouts;
import io.tacho.text.SettingErrors;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses on which StatsD packets are received, and the meaning of their names.
 *
 * @param listen UDP address; null if there is only the socket
 * @param socket path of a Unix datagram socket; null if there is none
 * @param socketMode the permissions of the socket; clients need to write
 * @param mapping file with additional metric names; null if there is none
 * @param staleAfter the time without a line after which the numbers are stale
 * @param goneAfter the time without a line after which the node leaves
 */
public record StatsdSettings(
        @Nullable InetSocketAddress listen,
        @Nullable Path socket,
        Set<PosixFilePermission> socketMode,
        @Nullable Path mapping,
        Duration staleAfter,
        Duration goneAfter) {

    /** The space for the path in a socket's address, without the byte that ends it, on Linux. */
    private static final int MAX_SOCKET_BYTES = 107;

    /** The owner and the group may send: {@code 0770}. */
    public static final Set<PosixFilePermission> DEFAULT_SOCKET_MODE = mode("770");

    /** Settings with the default permissions of a socket. */
    public StatsdSettings(
            @Nullable InetSocketAddress listen,
            @Nullable Path socket,
            @Nullable Path mapping,
            Duration staleAfter,
            Duration goneAfter) {
        this(listen, socket, DEFAULT_SOCKET_MODE, mapping, staleAfter, goneAfter);
    }

    /**
     * Parses permissions, octal: {@code 0666} or {@code 666}.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static Set<PosixFilePermission> mode(String octal) {
        if (!octal.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("socket-mode: '" + octal + "' (expected: octal permissions, e.g. 0666)");
        }
        int bits = Integer.parseInt(octal, 8);
        StringBuilder symbols = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            symbols.append((bits >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
        }
        return PosixFilePermissions.fromString(symbols.toString());
    }

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public StatsdSettings {
        SettingErrors errors = new SettingErrors();
        errors.require(
                listen != null || socket != null,
                () -> "source: statsd without listen and socket (expected: one of them, or both)");
        int length = socket == null ? 0 : socket.toString().getBytes(UTF_8).length;
        errors.require(
                length <= MAX_SOCKET_BYTES,
                () -> "socket: a path of " + length + " bytes (expected: at most " + MAX_SOCKET_BYTES
                        + ", a limit of Unix sockets)");
        SourceTimeouts.check(errors, staleAfter, goneAfter);
        errors.throwIfAny();
    }
}
