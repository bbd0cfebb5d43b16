// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ApiSecret;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How HTTP is served.
 *
 * @param address where; port 0 takes a free one
 * @param maxConnections more connections are closed at once
 * @param secret what callers have to know; null leaves everything open
 */
public record HttpSettings(
        InetSocketAddress address,
        int maxConnections,
        @Nullable ApiSecret secret) {}
