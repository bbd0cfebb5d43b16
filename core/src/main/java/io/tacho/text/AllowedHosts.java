// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a request without a key may name in its Host header. The check stops DNS rebinding: a web page whose own
 * name resolves to this machine is of the same origin as this server for a browser, but its requests carry that name.
 * Rebinding needs a DNS name that the attacker controls, so IP addresses and {@code localhost} are always allowed.
 *
 * <p>Thread safety: immutable.
 */
public final class AllowedHosts {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9._*-]+");

    private final List<Glob> names;
    private final String own;
    private final boolean beyondLoopback;

    private AllowedHosts(List<Glob> names, String own, boolean beyondLoopback) {
        this.names = names;
        this.own = own;
        this.beyondLoopback = beyondLoopback;
    }

    /**
     * Returns the hosts for a server.
     *
     * @param listen its address; beyond loopback, names without a dot are allowed, such as those of containers and Services
     * @param names further names; a star matches any text
     * @throws IllegalArgumentException if one of them is not a host name
     */
    public static AllowedHosts of(InetSocketAddress listen, Collection<String> names) {
        InetAddress address = listen.getAddress();
        return new AllowedHosts(
                names.stream().map(AllowedHosts::glob).toList(),
                normalized(listen.getHostString()),
                address != null && !address.isLoopbackAddress());
    }

    private static Glob glob(String name) {
        String normalized = normalized(name);
        if (!NAME.matcher(normalized).matches()) {
            throw new IllegalArgumentException("allowed-host: '" + name
                    + "' (expected: a host name without scheme and port, e.g. tacho.example or *.example)");
        }
        return new Glob(normalized);
    }

    /**
     * Returns whether a request may name this host.
     *
     * @param header the value of the Host header; null if there is none, as in HTTP/1.0, which no browser sends
     */
    public boolean allows(@Nullable String header) {
        if (header == null || header.isEmpty() || header.startsWith("[")) {
            return true;
        }
        int colon = header.indexOf(':');
        String host = normalized(colon < 0 ? header : header.substring(0, colon));
        return host.equals(own)
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || IPV4.matcher(host).matches()
                || (beyondLoopback && host.indexOf('.') < 0)
                || names.stream().anyMatch(name -> name.matches(host));
    }

    /** Returns the message for a request whose host is not allowed. */
    public static String rejection(@Nullable String header) {
        return "Host: " + header + " (expected: localhost, an IP address, or a name given as allowed-host)";
    }

    /** Names are case-insensitive, and a final dot marks a complete one. */
    private static String normalized(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
