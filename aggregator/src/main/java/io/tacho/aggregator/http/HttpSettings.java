// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.routing.Cors;
import io.tacho.aggregator.http.routing.TrustedProxies;
import io.tacho.text.AllowedHosts;
import io.tacho.text.SettingErrors;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HTTP server.
 *
 * @param address to listen on; port 0 means any free port
 * @param maxConnections connections above this number are closed
 * @param keys the initial keys
 * @param corsOrigins the origins whose pages may read responses, e.g. {@code https://dash.example}; a star means any origin
 * @param allowedHosts further names that the Host header may contain if there is no key; a star matches any text
 * @param trustedProxies the proxies whose forwarded client addresses are trusted
 * @param tls null for plain HTTP
 */
public record HttpSettings(
        InetSocketAddress address,
        int maxConnections,
        ApiKeys keys,
        List<String> corsOrigins,
        List<String> allowedHosts,
        TrustedProxies trustedProxies,
        @Nullable HttpTls tls) {

    /**
     * Creates settings.
     *
     * @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value
     */
    public HttpSettings {
        corsOrigins = List.copyOf(corsOrigins);
        allowedHosts = List.copyOf(allowedHosts);
        SettingErrors errors = new SettingErrors();
        List<String> hosts = allowedHosts;
        List<String> origins = corsOrigins;
        errors.valueOr(() -> Cors.of(origins), Cors.of(List.of()));
        errors.valueOr(() -> AllowedHosts.of(address, hosts), AllowedHosts.of(address, List.of()));
        errors.require(maxConnections >= 1, () -> "max-connections: " + maxConnections + " (expected: at least 1)");
        errors.throwIfAny();
    }

    /** Returns the hosts that requests may name if there is no key; every host under HTTPS, where browsers check the name. */
    public AllowedHosts hosts() {
        return AllowedHosts.of(address, tls == null ? allowedHosts : List.of("*"));
    }

    /** Returns these settings with other keys. */
    public HttpSettings withKeys(ApiKeys keys) {
        return new HttpSettings(address, maxConnections, keys, corsOrigins, allowedHosts, trustedProxies, tls);
    }

    /** Returns settings for plain HTTP with one key, or without keys. */
    public static HttpSettings of(InetSocketAddress address, int maxConnections, @Nullable ApiSecret secret) {
        return new HttpSettings(
                address,
                maxConnections,
                new ApiKeys(secret, List.of()),
                List.of(),
                List.of(),
                TrustedProxies.NONE,
                null);
    }
}
