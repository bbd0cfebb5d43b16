// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.api.V1Api;
import io.tacho.aggregator.view.ClusterView;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How HTTP is served.
 *
 * @param address where; port 0 takes a free one
 * @param maxConnections more connections are closed at once
 * @param secret the admin key, which signs v1 requests; null where there is none
 * @param readKeys keys that may read; without these and a secret everything is open
 * @param corsOrigins whose pages may read, e.g. {@code https://dash.example}; a star is any
 * @param tls null for plain HTTP
 */
public record HttpSettings(
        InetSocketAddress address,
        int maxConnections,
        @Nullable ApiSecret secret,
        List<ApiSecret> readKeys,
        List<String> corsOrigins,
        @Nullable HttpTls tls) {

    public HttpSettings {
        readKeys = List.copyOf(readKeys);
        corsOrigins = List.copyOf(corsOrigins);
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max-connections: " + maxConnections + " (expected: at least 1)");
        }
    }

    /** Whether a key is wanted at all. */
    public boolean isKeyed() {
        return secret != null || !readKeys.isEmpty();
    }

    /** The v1 API as these settings have it: signed with the secret, open without keys, closed with reading keys alone. */
    public V1Api v1(ClusterView view) {
        return secret == null && isKeyed() ? V1Api.closed(view) : new V1Api(view, secret);
    }

    /** Plain HTTP with one key, or open. */
    public static HttpSettings of(InetSocketAddress address, int maxConnections, @Nullable ApiSecret secret) {
        return new HttpSettings(address, maxConnections, secret, List.of(), List.of(), null);
    }
}
