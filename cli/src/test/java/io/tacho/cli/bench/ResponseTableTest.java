// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.bench.Row.Server;
import io.tacho.cli.bench.program.Pushgateway;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseTableTest {

    private static Row row(int nodes, Server server, double perSecond, double p99Millis, double cpuMillis) {
        return new Row(nodes, 32, server, 5_000, perSecond, p99Millis, cpuMillis);
    }

    @Test
    void text_ratios_areTachoRelativeToNginx() {
        ResponseTable table = new ResponseTable(List.of(
                row(10, Server.TACHO, 120_000, 0.5, 0.0075),
                row(10, Server.NGINX, 100_000, 1, 0.01),
                row(10, Server.NGINX_SENDFILE, 60_000, 2, 0.05)));

        assertThat(table.text().lines())
                .contains(
                        "| 10 | 5000 | 32 | Tacho | 120000 |  | 0.5000 |  | 0.0075 |  |",
                        "| 10 | 5000 | 32 | nginx, no sendfile | 100000 | 1.20 | 1.00 | 0.50 | 0.0100 | 0.75 |",
                        "| 10 | 5000 | 32 | nginx, sendfile | 60000 | 2.00 | 2.00 | 0.25 | 0.0500 | 0.15 |");
    }

    @Test
    void verdicts_compareWithTheFasterNginx() {
        ResponseTable table = new ResponseTable(List.of(
                row(10, Server.TACHO, 110_000, 1, 0.01),
                row(10, Server.NGINX_SENDFILE, 80_000, 4, 0.03),
                row(10, Server.NGINX, 100_000, 2, 0.02),
                row(100, Server.TACHO, 50_000, 1, 0.01)));

        assertThat(table.verdicts())
                .containsExactly(
                        "10 nodes, 32 connections: 1.10 × nginx' responses/s, 0.50 × its p99, 0.50 × its CPU a response");
    }

    @Test
    void text_zeroTime_hasNoRatio() {
        ResponseTable table =
                new ResponseTable(List.of(row(10, Server.TACHO, 10, 1, 0), row(10, Server.NGINX, 10, 0, 0)));

        assertThat(table.text()).contains("| nginx, no sendfile | 10.0 | 1.00 | 0.0000 |  | 0.0000 |  |");
    }

    @Test
    void median_isComputedPerColumn() {
        assertThat(Row.median(List.of(
                        row(10, Server.NGINX, 1, 9, 5),
                        row(10, Server.NGINX, 2, 8, 6),
                        row(10, Server.NGINX, 3, 7, 4))))
                .isEqualTo(row(10, Server.NGINX, 2, 8, 5));
    }

    @Test
    void pushgateway_text_hasAllNumbersOfANode() {
        assertThat(Pushgateway.text(Beats.beat(3).snapshot()).lines())
                .hasSize(20)
                .contains("node_num_clients 1234", "node_cpu_usage 49");
    }
}
