// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The result of one server for one number of nodes and connections: one run, or the medians of several.
 *
 * @param server the server that responded
 * @param bytes of the response, without its head
 * @param perSecond responses a second
 * @param p99Millis of how long a response took
 * @param cpuMillis CPU time of the server a response
 */
record Row(int nodes, int connections, Server server, int bytes, double perSecond, double p99Millis, double cpuMillis) {

    /** The server that responds. */
    enum Server {
        TACHO("Tacho"),
        NGINX_SENDFILE("nginx, sendfile"),
        NGINX("nginx, no sendfile");

        final String label;

        Server(String label) {
            this.label = label;
        }

        boolean isLimit() {
            return this == NGINX_SENDFILE || this == NGINX;
        }
    }

    /** Returns the medians of runs of the same server. */
    static Row median(List<Row> runs) {
        Row first = runs.get(0);
        return new Row(
                first.nodes(),
                first.connections(),
                first.server(),
                first.bytes(),
                median(runs, Row::perSecond),
                median(runs, Row::p99Millis),
                median(runs, Row::cpuMillis));
    }

    private static double median(List<Row> runs, ToDoubleFunction<Row> value) {
        return Measurement.median(runs.stream().map(value::applyAsDouble).toList());
    }
}
