// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import java.util.OptionalDouble;

/**
 * The number of server API requests. With {@code prometheus.instrument_http_handlers} this is the number of HTTP requests to the
 * API, rejected ones included and a batch as one, and of gRPC commands. Otherwise it is the number of commands.
 */
final class ApiRequests {

    private static final String HTTP = "node_incoming_http_requests";
    private static final String COMMANDS = CommandTimes.API.summary() + "_count";
    private static final String HISTOGRAM_COMMANDS = CommandTimes.API.summary() + "_histogram_count";

    private ApiRequests() {}

    /** Returns whether HTTP requests to the API are counted: under its default prefix, or none was received yet. */
    static boolean areCounted(Scrape scrape) {
        return scrape.has(HTTP)
                && !scrape.isUnreadable(HTTP)
                && (scrape.own(HTTP).keySet().stream().anyMatch(ApiRequests::isApi)
                        || scrape.sum(commands(scrape), labels -> !isGrpc(labels))
                                        .orElse(0)
                                == 0);
    }

    /** Returns the requests of a window; they are counted in both scrapes. */
    static double of(Increase increase) {
        return increase.of(HTTP, ApiRequests::isApi) + increase.of(commands(increase.now()), ApiRequests::isGrpc);
    }

    /** Returns all requests since the start of the node. */
    static OptionalDouble total(Scrape scrape) {
        return areCounted(scrape)
                ? OptionalDouble.of(scrape.sum(HTTP, ApiRequests::isApi).orElse(0)
                        + scrape.sum(commands(scrape), ApiRequests::isGrpc).orElse(0))
                : CommandTimes.API.totalCount(scrape);
    }

    private static String commands(Scrape scrape) {
        return scrape.has(COMMANDS) ? COMMANDS : HISTOGRAM_COMMANDS;
    }

    private static boolean isApi(Labels labels) {
        String path = labels.get("path");
        return path != null && (path.equals("/api") || path.startsWith("/api/"));
    }

    private static boolean isGrpc(Labels labels) {
        return "grpc".equals(labels.get("protocol"));
    }
}
