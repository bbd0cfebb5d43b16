// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
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
 * @param tls null for plain HTTP
 */
public record HttpSettings(
        InetSocketAddress address,
        int maxConnections,
        ApiKeys keys,
        List<String> corsOrigins,
        @Nullable HttpTls tls) {

    public HttpSettings {
        corsOrigins = List.copyOf(corsOrigins);
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max-connections: " + maxConnections + " (expected: at least 1)");
        }
    }

    /** Returns these settings with other keys. */
    public HttpSettings withKeys(ApiKeys keys) {
        return new HttpSettings(address, maxConnections, keys, corsOrigins, tls);
    }

    /** Returns settings for plain HTTP with one key, or without keys. */
    public static HttpSettings of(InetSocketAddress address, int maxConnections, @Nullable ApiSecret secret) {
        return new HttpSettings(address, maxConnections, new ApiKeys(secret, List.of()), List.of(), null);
    }
}
