// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code --listen}: {@code host:port}; an IPv6 address stands in brackets. */
public final class ListenAddress {

    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

    private ListenAddress() {}

    /**
     * Parses an address, and resolves its host.
     *
     * @throws IllegalArgumentException if it is not in this form
     */
    public static InetSocketAddress parse(String listen) {
        return parse("listen", listen);
    }

    /** Reads an address as {@link #parse(String)} does; the error names this setting. */
    public static InetSocketAddress parse(String setting, String listen) {
        Matcher matcher = FORM.matcher(listen);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(setting + ": '" + listen
                    + "' (expected: host:port, e.g. 127.0.0.1:7022 or [::1]:7022; port 0 for any)");
        }
        return new InetSocketAddress(matcher.group(1), port);
    }
}
