// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.tacho.text.Urls;
import java.net.URI;
import java.util.List;

/**
 * The settings of the demo load.
 *
 * @param urls the hubs, as {@code ws://host:port/connection/websocket}; clients are spread over them
 * @param clients how many clients in total, 1 to 10,000
 * @param rate publishes per second in total, 0 to 100,000
 */
record LoadSettings(List<URI> urls, int clients, int rate) {

    private static final int MAX_CLIENTS = 10_000;
    private static final int MAX_RATE = 100_000;

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    LoadSettings {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("url: none (expected: at least one)");
        }
        for (URI url : urls) {
            if (!"ws".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1) {
                throw new IllegalArgumentException(
                        "url: " + Urls.masked(url) + " (expected: ws://host:port" + HubHttp.WEBSOCKET_PATH + ")");
            }
        }
        if (clients < 1 || clients > MAX_CLIENTS) {
            throw new IllegalArgumentException("clients: " + clients + " (expected: 1 to " + MAX_CLIENTS + ")");
        }
        if (rate < 0 || rate > MAX_RATE) {
            throw new IllegalArgumentException("rate: " + rate + " (expected: 0 to " + MAX_RATE + ")");
        }
    }

    /** Returns a user of every client: people have more than one tab open, so there are fewer of them than clients. */
    String user(int client) {
        return "u" + client % Math.max(1, clients * 2 / 3);
    }
}
