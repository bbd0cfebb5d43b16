// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests counts of commands, requests and extra values between two scrapes, for versions with different metrics. */
class CommandTimesTest {

    private static final ScrapeForm FORM = new ScrapeForm("Centrifugo", "c_", List.of(), List.of("c_"));
    private static final Scrape NOTHING = Scrape.builder(FORM).build();

    /** Builds a scrape of series such as {@code client_command_duration_seconds_count method=rpc}, with their values. */
    private static Scrape scrape(Object... seriesAndValues) {
        Scrape.Builder scrape = Scrape.builder(FORM);
        for (int i = 0; i < seriesAndValues.length; i += 2) {
            String[] words = seriesAndValues[i].toString().split(" ");
            Map<String, String> labels = new TreeMap<>();
            for (int label = 1; label < words.length; label++) {
                String[] pair = words[label].split("=", 2);
                labels.put(pair[0], pair[1]);
            }
            scrape.add("c_" + words[0], Labels.of(labels), ((Number) seriesAndValues[i + 1]).doubleValue());
        }
        return scrape.build();
    }

    private static Scrape clients(String version) {
        String count = "client_command_duration_seconds_count method=";
        return scrape("node_build version=" + version, 1, count + "rpc", 10, count + "ping", 100, count + "send", 8);
    }

    @ParameterizedTest
    @CsvSource({
        "3.2.3,      18",
        "v4.0.0,     14",
        "6.9.1,      14",
        "6.9.1-PRO,  18",
        "PRO,        18",
        "0.0.0,      18",
        "unknown,    18",
    })
    void count_ofClients_excludesPings_countsSendOnce(String version, double expected) {
        assertThat(CommandTimes.CLIENT.count(new Increase(NOTHING, clients(version))))
                .isEqualTo(expected);
        assertThat(CommandTimes.CLIENT.totalCount(clients(version))).hasValue(expected);
    }

    @Test
    void totalCount_ofUnknownMetric_isUnknown() {
        assertThat(CommandTimes.CLIENT.totalCount(NOTHING)).isEmpty();
        assertThat(CommandTimes.API.totalSeconds(NOTHING)).isEmpty();
    }

    @Test
    void count_withoutSummary_isThatOfHistogram() {
        Scrape now = scrape(
                "api_command_duration_seconds_histogram_count", 5, "api_command_duration_seconds_histogram_sum", 2.5);
        Increase increase = new Increase(NOTHING, now);

        assertThat(CommandTimes.API.count(increase)).isEqualTo(5);
        assertThat(CommandTimes.API.seconds(increase)).isEqualTo(2.5);
        assertThat(CommandTimes.API.longest(increase, null)).as("no summary").isEmpty();
    }

    @Test
    void hasSeconds_requiresCountAndSum() {
        Scrape count = scrape("api_command_duration_seconds_count", 5, "api_command_duration_seconds_sum", Double.NaN);
        Increase increase = new Increase(NOTHING, count);

        assertThat(CommandTimes.API.hasCount(increase)).isTrue();
        assertThat(CommandTimes.API.hasSeconds(increase)).isFalse();
        assertThat(CommandTimes.API.longest(increase, null)).isEmpty();
    }

    @Test
    void longest_withoutCommands_isZero() {
        assertThat(CommandTimes.API.longest(new Increase(NOTHING, NOTHING), null))
                .hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "null,             null",
                "'',               null",
                "1.2,              null",
                "v1.2.3,           1.2.3",
                "1.2.3,            1.2.3",
                "10.20.30-rc1,     10.20.30",
                "1.2.3rc,          null",
                "0.0.0,            null",
                "0.0.1,            0.0.1",
                "12345.0.0,        null",
                "9999.9999.9999,   9999.9999.9999",
            })
    void version_isParsedIntoThreeNumbers(String text, String expected) {
        int[] numbers = CentrifugoVersion.parse(text);

        assertThat(numbers == null ? null : numbers[0] + "." + numbers[1] + "." + numbers[2])
                .isEqualTo(expected);
    }

    @Test
    void version_isComparedNumerically() {
        assertThat(CentrifugoVersion.isAtLeast(new int[] {6, 10, 0}, 6, 9)).isTrue();
        assertThat(CentrifugoVersion.isAtLeast(new int[] {6, 9, 0}, 6, 9)).isTrue();
        assertThat(CentrifugoVersion.isAtLeast(new int[] {6, 8, 99}, 6, 9)).isFalse();
        assertThat(CentrifugoVersion.isAtLeast(new int[] {4, 0, 0}, 4)).isTrue();
    }

    @Test
    void apiRequests_areSumOfHttpAndGrpc() {
        Scrape before = scrape("node_incoming_http_requests path=/api/publish", 5);
        Scrape now = scrape(
                "node_incoming_http_requests path=/api/publish", 9,
                "node_incoming_http_requests path=/api", 2,
                "node_incoming_http_requests path=/apiary", 50,
                "node_incoming_http_requests path=/metrics", 70,
                "api_command_duration_seconds_count protocol=grpc", 3,
                "api_command_duration_seconds_count protocol=http", 90);

        assertThat(ApiRequests.areCounted(now)).isTrue();
        assertThat(ApiRequests.of(new Increase(before, now))).isEqualTo(4 + 2 + 3);
        assertThat(ApiRequests.total(now)).hasValue(9 + 2 + 3);
    }

    @Test
    void apiRequests_underOtherPrefix_areCommands() {
        Scrape now = scrape(
                "node_incoming_http_requests path=/own/api/publish", 9,
                "api_command_duration_seconds_count protocol=http", 4);

        assertThat(ApiRequests.areCounted(now)).isFalse();
        assertThat(ApiRequests.total(now)).hasValue(4);
    }

    @Test
    void apiRequests_otherPathsCounted_areCounted() {
        assertThat(ApiRequests.areCounted(scrape("node_incoming_http_requests path=/metrics", 1)))
                .isTrue();
        assertThat(ApiRequests.areCounted(NOTHING)).isFalse();
    }

    @Test
    void extras_ofClients_areTwelveLargest() {
        Object[] series = new Object[2 * 20];
        for (int i = 0; i < 20; i++) {
            series[2 * i] = "client_connections_inflight client_name=app" + i;
            series[2 * i + 1] = i;
        }

        Extras extras = CentrifugoExtras.gauges(scrape(series));

        assertThat(extras.byName()).hasSize(12).containsEntry("clients{name=\"app19\"}", Extra.gauge(19));
        assertThat(extras.byName()).containsKey("clients{name=\"app8\"}").doesNotContainKey("clients{name=\"app7\"}");
    }

    @Test
    void extras_clientNames_areTruncatedAndPrintable() {
        Extras extras = CentrifugoExtras.gauges(scrape(
                "client_connections_inflight client_name=a\"b\\c\nd client_version=2",
                3,
                "client_connections_inflight client_name=" + "x".repeat(40),
                1,
                "client_connections_inflight client_name=unregistered",
                9,
                "client_connections_inflight client_name=",
                9,
                "client_connections_inflight client_name=off",
                0));

        assertThat(extras.byName())
                .containsOnlyKeys(
                        "clients{name=\"a_b_c_d\",version=\"2\"}", "clients{name=\"" + "x".repeat(24) + "\"}");
    }

    @Test
    void extras_ofWindow_haveIncreaseAndTotal() {
        Scrape before = scrape("client_num_server_disconnects code=3000", 5, "transport_connect_count", 100);
        Scrape now = scrape(
                "client_num_server_disconnects code=3000 namespace=a", 2,
                "client_num_server_disconnects code=3000", 9,
                "client_num_server_disconnects", 70,
                "client_recover recovered=yes", 4,
                "transport_connect_count", 130);

        assertThat(CentrifugoExtras.window(new Increase(before, now)).byName())
                .isEqualTo(Map.of(
                        "disconnects{code=\"3000\"}", Extra.counter(6, 11),
                        "recoveries{recovered=\"yes\"}", Extra.counter(4, 4),
                        "connects", Extra.counter(30, 130)));
    }
}
