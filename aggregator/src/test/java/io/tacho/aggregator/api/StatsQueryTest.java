// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsQueryTest {

    private final ClusterView view = new ClusterView(new SnapshotCodec(), new ManualTicker(), 100);

    @BeforeEach
    void nodes() {
        view.onLoaded(Snapshots.stored("u1", "chat_1", 1));
        view.onLoaded(Snapshots.stored("u2", "chat_2", 1));
        view.onLoaded(Snapshots.stored("u3", "push_1", 1));
        view.onLoaded(new StoredSnapshot(Snapshots.detailed("labeled", 1), Snapshots.TTL_MILLIS));
    }

    /** Returns the uids that match a query string such as {@code a=1&b=2}. */
    private List<String> find(String query) {
        return entries(query + "&fields=uid").stream()
                .map(entry -> entry.substring("{\"uid\":\"".length(), entry.length() - 2))
                .toList();
    }

    private List<String> entries(String query) {
        return new StatsQuery(parameters(query))
                .entries(view.nodeList().nodes()).stream()
                        .map(entry -> new String(entry, UTF_8))
                        .toList();
    }

    private static QueryParameters parameters(String query) {
        return new QueryParameters(Stream.of(query.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(groupingBy(pair -> pair[0], mapping(pair -> pair[1], toList()))));
    }

    @Test
    void empty_returnsAllNodesByName() {
        assertThat(find("")).containsExactly("u1", "u2", "labeled", "u3");
    }

    @Test
    void order_desc_reverses() {
        assertThat(find("order=desc")).containsExactly("u3", "labeled", "u2", "u1");
    }

    @Test
    void sort_byText() {
        assertThat(find("sort=uid")).containsExactly("labeled", "u1", "u2", "u3");
    }

    @Test
    void node_oneOrMore() {
        assertThat(find("node=u2")).containsExactly("u2");
        assertThat(find("node=u3&node=u1")).containsExactly("u1", "u3");
    }

    @Test
    void name_matchesAGlob() {
        assertThat(find("name=chat_*")).containsExactly("u1", "u2");
        assertThat(find("name=????_1")).containsExactly("u1", "u3");
    }

    @Test
    void name_severalPatterns_matchesAny() {
        assertThat(find("name=chat_1&name=push*")).containsExactly("u1", "u3");
    }

    @Test
    void label_several_matchesAll() {
        assertThat(find("label=zone=a&label=role=007")).containsExactly("labeled");
        assertThat(find("label=zone=a&label=role=7")).isEmpty();
    }

    @Test
    void limitAndOffset_selectAPart() {
        assertThat(find("limit=2&offset=1")).containsExactly("u2", "labeled");
    }

    @Test
    void offset_beyondTheEnd_returnsNothing() {
        assertThat(find("offset=999999999&limit=999999999")).isEmpty();
    }

    @Test
    void limit_zero_returnsNothing() {
        assertThat(find("limit=0")).isEmpty();
    }

    @Test
    void fields_requested_areInCatalogueOrder() {
        assertThat(entries("node=u1&fields=num_clients,name,cpu_usage"))
                .containsExactly("{\"name\":\"chat_1\",\"num_clients\":4,\"cpu_usage\":22}");
    }

    @Test
    void fields_textIsEscaped() {
        view.onLoaded(Snapshots.stored("quoted", "a\"b", 1));

        assertThat(entries("node=quoted&fields=name")).containsExactly("{\"name\":\"a\\\"b\"}");
    }

    @Test
    void fields_absent_returnsTheWholeEntry() {
        assertThat(entries("node=u1"))
                .singleElement()
                .asString()
                .startsWith("{\"uid\":\"u1\",\"name\":\"chat_1\"")
                .endsWith("\"cpu_usage\":22}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "order=down | order: 'down' (expected: asc or desc)",
                "limit=-1 | limit: '-1' (expected: a whole number, 0 or more)",
                "limit= | limit: '' (expected: a whole number, 0 or more)",
                "offset=1234567890 | offset: '1234567890' (expected: a whole number, 0 or more)",
                "limit=1&limit=2 | limit: given 2 times (expected: once)",
                "label=zone | label: 'zone' (expected: name=value)",
                "label==a | label: '=a' (expected: name=value)",
                "name= | name: 0 characters (expected: 1 to 255, a name in which * is any text and ? any character)",
                "since=1 | unknown parameter 'since' (expected: fields, label, limit, name, node, offset, order, sort)",
            })
    void invalidParameter_isRejectedWithTheExpectedValue(String query, String message) {
        assertThatThrownBy(() -> new StatsQuery(parameters(query)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void unknownField_isRejectedWithAllKnownFields() {
        assertThatThrownBy(() -> new StatsQuery(parameters("sort=load")))
                .hasMessageStartingWith("sort: 'load' (expected: one of uid, name, num_goroutine, ");
        assertThatThrownBy(() -> new StatsQuery(parameters("fields=uid,load")))
                .hasMessageStartingWith("fields: 'load'");
    }

    @Test
    void error_longValue_isTruncated() {
        assertThatThrownBy(() -> new StatsQuery(parameters("order=" + "x".repeat(99))))
                .hasMessage("order: '" + "x".repeat(40) + "…' (expected: asc or desc)");
    }
}
