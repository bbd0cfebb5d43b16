// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How HTTP is served.
 *
 * @param address where; port 0 takes a free one
 * @param maxConnections more connections are closed at once
 * @param keys who may ask, at the start
 * @param corsOrigins whose pages may read, e.g. {@code https://dash.example}; a star is any
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

    /** The same with other keys. */
    public HttpSettings withKeys(ApiKeys keys) {
        return new HttpSettings(address, maxConnections, keys, corsOrigins, tls);
    }

    /** Plain HTTP with one key, or open. */
    public static HttpSettings of(InetSocketAddress address, int maxConnections, @Nullable ApiSecret secret) {
        return new HttpSettings(address, maxConnections, new ApiKeys(secret, List.of()), List.of(), null);
    }
}
