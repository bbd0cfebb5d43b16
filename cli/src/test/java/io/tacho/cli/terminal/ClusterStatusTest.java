// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.cli.terminal.ClusterStatus.Verdict;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStatusTest {

    private final ManualTicker ticker = new ManualTicker();
    private final LiveCluster cluster = new LiveCluster(ticker);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void synced(String... names) {
        cluster.opened();
        cluster.event("reset", Nodes.status(true));
        for (String name : names) {
            cluster.event("snapshot", Nodes.beat(name, 1));
        }
        cluster.event("synced", Nodes.status(true));
    }

    private Verdict verdict() {
        return Verdict.of(cluster.snapshot(), ticker.getAsLong());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'indicator':'api_latency','factor':4.06}  | API latency 4.1 ×",
                "{'indicator':'cpu_usage','factor':1}       | CPU 1.0 ×",
                "{'indicator':'cpu_usage','factor':0.256}   | CPU 0.26 ×",
                "{'indicator':'num_clients','factor':12}    | num clients 12.0 ×",
                "{'indicator':'version','method':'minority','value':2,'peers':40} | version of only 2 of 40 nodes",
            })
    void deviation_toText_isReadable(String deviation, String text) {
        assertThat(ClusterStatus.deviationText(json(deviation))).isEqualTo(text);
    }

    @Test
    void parse_ofAnOlderAggregator_isUnknown() {
        assertThat(ClusterStatus.parse(json("{}"), json("{}"))).isEqualTo(ClusterStatus.UNKNOWN);
    }

    @Test
    void parse_severalDeviationsOfANode_firstIsUsed() {
        ClusterStatus status = ClusterStatus.parse(
                json("{'outliers':{'deviations':[{'name':'a','indicator':'cpu_usage','factor':3},"
                        + "{'name':'b','indicator':'cpu_usage','factor':2},"
                        + "{'name':'a','indicator':'api_latency','factor':9}]}}"),
                json("{}"));

        assertThat(status.outliers()).containsExactly(Map.entry("a", "CPU 3.0 ×"), Map.entry("b", "CPU 2.0 ×"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                                         | 0 | false",
                "[{'status':'resolved','labels':{'severity':'critical'}}]                   | 0 | false",
                "[{'status':'firing','silenced':true,'labels':{'severity':'critical'}}]     | 0 | false",
                "[{'status':'firing'},{'status':'firing','labels':{'severity':'warning'}}]  | 2 | false",
                "[{'status':'firing','labels':{'severity':'critical'}},{'status':'firing'}] | 2 | true",
            })
    void parse_countsFiringAlertsWithoutSilence(String alerts, int count, boolean critical) {
        ClusterStatus status = ClusterStatus.parse(json("{}"), json("{'alerts':" + alerts + "}"));

        assertThat(status.alerts()).isEqualTo(count);
        assertThat(status.isCritical()).isEqualTo(critical);
    }

    @Test
    void verdict_beforeAllNodesAreReceived_isEmpty() {
        cluster.opened();
        cluster.event("reset", Nodes.status(true));
        cluster.event("snapshot", Nodes.beat("a", 1));

        assertThat(verdict()).isEqualTo(new Verdict("", Style.PLAIN));
    }

    @Test
    void verdict_ofAHealthyCluster_isGood() {
        synced("a");
        assertThat(verdict()).isEqualTo(new Verdict("1 node live", Style.GOOD));

        cluster.event("snapshot", Nodes.beat("b", 1));
        assertThat(verdict()).isEqualTo(new Verdict("2 nodes live", Style.GOOD));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s ago", "59, 59 s ago", "60, 1 min ago", "119, 1 min ago", "299, 4 min ago"})
    void verdict_ofALostNode_hasItsNameAndTime(int seconds, String ago) {
        synced("a", "b");
        cluster.event("lost", Nodes.beat("b", 1));
        ticker.advance(Duration.ofSeconds(seconds));

        assertThat(verdict()).isEqualTo(new Verdict("1 node live · b lost " + ago, Style.BAD));
    }

    @Test
    void verdict_severalLostNodes_hasTheMostRecent() {
        synced("a", "b", "c");
        cluster.event("lost", Nodes.beat("b", 1));
        ticker.advance(Duration.ofSeconds(30));
        cluster.event("lost", Nodes.beat("c", 1));
        ticker.advance(Duration.ofSeconds(5));

        assertThat(verdict().text()).isEqualTo("1 node live · 2 lost, the last 5 s ago");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, false, GOOD, ''",
        "1, 0, false, WARN, ' · n0 outlier (CPU)'",
        "2, 1, false, WARN, ' · n0 outlier (CPU) · n1 outlier (CPU) · 1 alert'",
        "3, 2, false, WARN, ' · 3 outliers · 2 alerts'",
        "0, 1, true,  BAD,  ' · 1 alert'",
    })
    void verdict_hasTheStyleOfItsWorstPart(int outliers, int alerts, boolean critical, Style style, String rest) {
        synced("a");
        Map<String, String> deviations = new TreeMap<>();
        for (int i = 0; i < outliers; i++) {
            deviations.put("n" + i, "CPU");
        }
        cluster.status(new ClusterStatus("", deviations, alerts, critical));

        assertThat(verdict()).isEqualTo(new Verdict("1 node live" + rest, style));
    }
}
