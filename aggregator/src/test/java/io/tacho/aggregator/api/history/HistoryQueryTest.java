// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistorySpan;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoryQueryTest {

    private static final long NOW = 1_795_381_413;

    private static HistoryQuery query(String... pairs) {
        return new HistoryQuery(
                new QueryParameters(Stream.of(pairs)
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.groupingBy(
                                pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList())))),
                NOW);
    }

    @Test
    void noParameters_isTheLastHour() {
        assertThat(query().span()).isEqualTo(new HistorySpan(NOW - 3_600, NOW, 0));
        assertThat(query().fields()).containsExactly(HistoryField.values());
    }

    @Test
    void times_absoluteAndRelative_areParsed() {
        assertThat(query("from=-90s").span().fromSeconds()).isEqualTo(NOW - 90);
        assertThat(query("from=-6h").span().fromSeconds()).isEqualTo(NOW - 21_600);
        assertThat(query("from=-2d", "to=-1d").span()).isEqualTo(new HistorySpan(NOW - 172_800, NOW - 86_400, 0));
        assertThat(query("from=1795381000", "to=now").span()).isEqualTo(new HistorySpan(1_795_381_000, NOW, 0));
        assertThat(query("from=2026-11-22T21:03:20Z").span().fromSeconds()).isEqualTo(1_795_381_400);
        assertThat(query("from=2026-11-22T22:03:20.9+01:00").span().fromSeconds())
                .isEqualTo(1_795_381_400);
        assertThat(query("to=1795381000").span()).isEqualTo(new HistorySpan(1_795_377_400, 1_795_381_000, 0));
        assertThat(query("step=5m").span().stepSeconds()).isEqualTo(300);
        assertThat(query("step=90").span().stepSeconds()).isEqualTo(90);
    }

    @Test
    void fields_requested_areInCatalogueOrder() {
        assertThat(query("fields=num_clients,nodes").fields())
                .containsExactly(HistoryField.NODES, HistoryField.NUM_CLIENTS);
    }

    @Test
    void invalidParameter_isRejectedWithTheExpectedValue() {
        assertRejected("from: 'yesterday' (expected: " + QueryParameters.INSTANT + ")", "from=yesterday");
        assertRejected("from: '-1w' (expected: " + QueryParameters.INSTANT + ")", "from=-1w");
        assertRejected("to: '' (expected: " + QueryParameters.INSTANT + ")", "to=");
        assertRejected("step: '0' (expected: " + QueryParameters.LENGTH + ", at least 1s)", "step=0");
        assertRejected("step: '-5m' (expected: " + QueryParameters.LENGTH + ", at least 1s)", "step=-5m");
        assertRejected(
                "step: 10 s makes 8640 steps (expected: at most 2000, so a step of at least 44 s)",
                "from=-24h",
                "step=10");
        assertRejected("to: 1795377813 (expected: after from, 1795377813)", "to=-1h", "from=-1h");
        assertRejected("from: given 2 times (expected: once)", "from=-1h", "from=-2h");
        assertRejected("unknown parameter 'since' (expected: extras, fields, from, step, to, unit)", "since=-1h");
        assertThatThrownBy(() -> query("fields=num_clients,uid"))
                .hasMessageStartingWith("fields: 'uid' (expected: one of seconds, nodes, num_goroutine, ");
    }

    private static void assertRejected(String message, String... pairs) {
        assertThatThrownBy(() -> query(pairs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
