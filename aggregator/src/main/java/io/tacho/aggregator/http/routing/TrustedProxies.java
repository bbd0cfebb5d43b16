// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.tacho.aggregator.http.message.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose {@code X-Forwarded-For} or {@code Forwarded} header is trusted. Each proxy appends the address of its
 * client, so the client is the last address that is not a trusted proxy; everything before it may be invented.
 *
 * <p>Thread safety: immutable.
 */
public final class TrustedProxies {

    /** Trusts no proxy: the client is the other end of the connection. */
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final Pattern NETWORK = Pattern.compile("([0-9a-fA-F.:]+)(?:/(\\d{1,3}))?");
    private static final Pattern FOR =
            Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(?:\"([^\"]*)\"|([^;\"\\s]*))", Pattern.CASE_INSENSITIVE);

    private final List<IpSubnetFilterRule> networks;

    private TrustedProxies(List<IpSubnetFilterRule> networks) {
        this.networks = networks;
    }

    /**
     * Returns the proxies of these networks.
     *
     * @param networks addresses, or networks such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if one of them is something else
     */
    public static TrustedProxies of(List<String> networks) {
        return networks.isEmpty()
                ? NONE
                : new TrustedProxies(
                        networks.stream().map(TrustedProxies::network).toList());
    }

    private static IpSubnetFilterRule network(String text) {
        Matcher matcher = NETWORK.matcher(text);
        InetAddress address = matcher.matches() ? NetUtil.createInetAddressFromIpAddressString(matcher.group(1)) : null;
        int bits = address == null ? 0 : 8 * address.getAddress().length;
        int prefix = address == null || matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
        if (address == null || prefix > bits) {
            throw new IllegalArgumentException(
                    "trusted-proxy: '" + text + "' (expected: an IP address or a network, e.g. 10.0.0.0/8)");
        }
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /**
     * Returns the address of the client of a request. If both headers are present and disagree, a client has invented one of
     * them, and the proxy counts as the client.
     */
    InetAddress client(Request request) {
        InetAddress remote = request.remote();
        if (networks.isEmpty() || !trusts(remote)) {
            return remote;
        }
        List<String> plain = members(request.headers().getAll("X-Forwarded-For"));
        List<String> tagged = members(request.headers().getAll("Forwarded")).stream()
                .map(TrustedProxies::taggedFor)
                .toList();
        if (plain.isEmpty() || tagged.isEmpty()) {
            return client(remote, plain.isEmpty() ? tagged : plain);
        }
        InetAddress client = client(remote, plain);
        return client.equals(client(remote, tagged)) ? client : remote;
    }

    private InetAddress client(InetAddress remote, List<String> forwarded) {
        InetAddress client = remote;
        List<String> nearestFirst = new ArrayList<>(forwarded);
        Collections.reverse(nearestFirst);
        for (String each : nearestFirst) {
            InetAddress address = address(each);
            if (address == null) {
                return client;
            }
            client = address;
            if (!trusts(client)) {
                return client;
            }
        }
        return client;
    }

    private boolean trusts(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(socket));
    }

    private static List<String> members(List<String> headers) {
        List<String> members = new ArrayList<>();
        for (String header : headers) {
            for (String member : header.split(",", -1)) {
                if (!member.isBlank()) {
                    members.add(member.trim());
                }
            }
        }
        return members;
    }

    private static String taggedFor(String member) {
        Matcher matcher = FOR.matcher(member);
        if (!matcher.find()) {
            return "";
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    /** Returns the address of {@code host}, {@code host:port} or {@code [host]:port}; null if it is not an IP address. */
    private static @Nullable InetAddress address(String text) {
        String host = text;
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            host = end < 0 ? "" : host.substring(1, end);
        } else if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
            host = host.substring(0, host.indexOf(':'));
        }
        return NetUtil.createInetAddressFromIpAddressString(host);
    }
}
