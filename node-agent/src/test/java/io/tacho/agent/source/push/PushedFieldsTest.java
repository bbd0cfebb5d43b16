// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Extra;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushedFieldsTest {

    private static PushedFields parse(String body, String counters) {
        return PushedFields.parse(body.getBytes(UTF_8), counters);
    }

    @Test
    void parse_counterType_inQueryOrBody() {
        assertThat(parse("{\"num_msg_sent\":1}", "totals").counters()).isEqualTo(PushedFields.Counters.TOTALS);
        assertThat(parse("{\"num_msg_sent\":1,\"counters\":\"interval\"}", null).counters())
                .isEqualTo(PushedFields.Counters.INTERVAL);
        assertThat(parse("{\"num_clients\":1}", null).counters())
                .as("gauges do not require a counter type")
                .isNull();
    }

    @Test
    void parse_textFieldsAndLabels() {
        PushedFields fields = parse("{\"uid\":\"u\",\"name\":\"n\",\"version\":\"1\",\"labels\":{\"az\":\"b\"}}", null);

        assertThat(fields.texts()).isEqualTo(Map.of("uid", "u", "name", "n", "version", "1"));
        assertThat(fields.labels()).isEqualTo(Map.of("az", "b"));
    }

    @Test
    void parse_extras() {
        PushedFields fields = parse("{\"extras\":{\"num_subs\":75,\"queue\":{\"rule\":\"max\",\"value\":7}}}", null);

        assertThat(fields.extras().byName())
                .isEqualTo(Map.of("num_subs", Extra.gauge(75), "queue", Extra.gauge("max", 7)));
    }

    @Test
    void parse_extraCounters() {
        assertThat(parse("{\"extras\":{\"jobs\":{\"kind\":\"counter\",\"value\":7}}}", "totals")
                        .extras()
                        .byName())
                .isEqualTo(Map.of("jobs", Extra.counter(7, 7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"num_clients\":-1}           | num_clients: -1 (expected: an integer, 0 to 9007199254740991)",
                "{\"num_clients\":1.5}          | num_clients: 1.5 (expected: an integer",
                "{\"num_clients\":\"1\"}        | num_clients: \"1\" (expected: an integer",
                "{\"num_clients\":9007199254740992} | num_clients: 9007199254740992 (expected: an integer",
                "{\"num_clents\":1}             | num_clents: unknown (expected: one of the 22 fields",
                "{\"uid\":\"\"}                 | uid: 0 characters (expected: 1 to 128)",
                "{\"name\":7}                   | name: 7 (expected: a string)",
                "{\"labels\":{\"a b\":\"x\"}}   | label",
                "{\"labels\":[]}                | labels: [] (expected: an object of strings)",
                "{\"num_msg_sent\":1}           | counters: missing (expected: totals or interval, because of num_msg_sent)",
                "{\"num_msg_sent\":1,\"counters\":\"sum\"} | counters: 'sum' (expected: totals or interval)",
                "{\"time_api_max\":1,\"counters\":\"totals\"} | time_api_max: present with counters=totals (expected: with",
                "{\"time_api_sum\":1,\"counters\":\"interval\"} | time_api_sum: present with counters=interval (expected: with",
                "{\"extras\":[]}                | extras: [] (expected: an object)",
                "{\"extras\":{\"A\":1}}         | extras: name 'A' (expected: lower-case letters",
                "{\"extras\":{\"a\":-1}}        | extras.a: -1 (expected: an integer",
                "{\"extras\":{\"a\":{\"rule\":7,\"value\":1}}} | extras.a.rule: 7 (expected: a string)",
                "{\"extras\":{\"a\":{\"rule\":\"mean\",\"value\":1}}} | extras.a.rule: 'mean' (expected: last or max or sum)",
                "{\"extras\":{\"a\":{\"kind\":\"timer\",\"value\":1}}} | extras.a.kind: 'timer' (expected: counter or gauge)",
                "{\"extras\":{\"a\":{\"kind\":\"counter\",\"rule\":\"max\",\"value\":1}}} | extras.a.rule: 'max' (expected: sum)",
                "{\"extras\":{\"a\":{\"rule\":\"max\"}}} | extras.a.value: missing (expected: an integer",
                "{\"extras\":{\"a\":{\"valeu\":1}}} | extras.a.valeu: unknown (expected: kind, rule or value)",
                "{\"extras\":{\"a\":{\"kind\":\"counter\",\"value\":1}}} | counters: missing (expected: totals or interval, because of extras.a)",
                "[]                            | body: ARRAY (expected: a JSON object)",
                "{\"num_clients\":1            | body: malformed at line 1, column",
                "{\"num_clients\":1,\"num_clients\":2} | body: malformed at line 1, column",
                "{} {}                         | body: malformed at line 1, column",
            })
    void parse_invalidBody_isRejected(String body, String message) {
        assertThatThrownBy(() -> parse(body, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void counterType_differsInQueryAndBody_isRejected() {
        assertThat(parse("{\"num_msg_sent\":1,\"counters\":\"totals\"}", "totals")
                        .counters())
                .isEqualTo(PushedFields.Counters.TOTALS);
        assertThatThrownBy(() -> parse("{\"num_msg_sent\":1,\"counters\":\"totals\"}", "interval"))
                .hasMessage("counters: 'interval' in the query and 'totals' in the body (expected: one of them)");
    }
}
