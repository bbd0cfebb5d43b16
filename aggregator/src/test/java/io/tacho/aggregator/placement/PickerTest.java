// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.api.QueryParameters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickerTest {

    private final Nodes nodes = new Nodes();
    private final Random random = new Random(22);
    private final Picker picker = new Picker(nodes.view, nodes.ticker, random::nextInt);
    private final PickResponse response = new PickResponse(picker);

    private List<String> pick(int count) throws NoEligibleNodeException {
        return picker.pick(count, beat -> true).stream()
                .map(pick -> pick.node().uid())
                .toList();
    }

    private String body(String query) throws NoEligibleNodeException {
        return new String(response.body(QueryParameters.parse(query)), StandardCharsets.UTF_8);
    }

    @Test
    void twoNodes_lessUsedIsPicked() throws Exception {
        nodes.beat("a", 500, 1_000);
        nodes.beat("b", 100, 1_000);

        assertThat(pick(1)).containsExactly("b");
        assertThat(pick(2)).containsExactly("b", "a");
    }

    @Test
    void usedShareOfCapacity_decides() throws Exception {
        nodes.beat("small", 90, 100);
        nodes.beat("large", 500, 1_000);

        assertThat(pick(1)).containsExactly("large");
    }

    @Test
    void reservations_countUntilTheNextBeat() throws Exception {
        nodes.beat("a", 10, 1_000);
        nodes.beat("b", 12, 1_000);

        assertThat(pick(1)).containsExactly("a");
        assertThat(pick(1)).containsExactly("a");
        assertThat(IntStream.range(0, 4).mapToObj(i -> picked()).toList()).contains("a", "b");
        assertThat(body("node=a")).contains("\"num_clients\":10,\"reserved\":");

        nodes.beat("a", 14, 1_000);
        assertThat(body("node=a")).contains("\"num_clients\":14,\"reserved\":0");
        assertThat(body("node=a")).contains("\"num_clients\":14,\"reserved\":1");
    }

    private String picked() {
        try {
            return pick(1).get(0);
        } catch (NoEligibleNodeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void severalNodesRequested_onlyTheFirstIsReserved() throws Exception {
        nodes.beat("a", 0, 100);
        nodes.beat("b", 50, 100);

        assertThat(pick(2)).containsExactly("a", "b");

        assertThat(body("node=b")).contains("\"reserved\":0");
    }

    @Test
    void reservedNode_becomesFull() throws Exception {
        nodes.beat("a", 98, 100);

        pick(1);
        pick(1);

        assertThatThrownBy(() -> pick(1))
                .isInstanceOf(NoEligibleNodeException.class)
                .hasMessage("no eligible node: 1 full (expected: a live one with address and free capacity)");
    }

    @Test
    void fewerNodesThanRequested_areAllPicked() throws Exception {
        nodes.beat("a", 0, 10);

        assertThat(pick(5)).containsExactly("a");
    }

    @Test
    void response_hasAddressAndNumbers() throws Exception {
        nodes.beat("a", 3, 10);

        assertThat(body(""))
                .isEqualTo("{\"nodes\":[{\"uid\":\"a\",\"name\":\"name-a\",\"address\":\"a:8000\",\"capacity\":10,"
                        + "\"num_clients\":3,\"reserved\":0}]}");
    }

    @Test
    void labels_filterNodes() throws Exception {
        nodes.beat("a", 0, Nodes.status(false, 10, Map.of("zone", "x")).withAddress("a:1"));
        nodes.beat("b", 9, Nodes.status(false, 10, Map.of("zone", "y")).withAddress("b:1"));

        assertThat(body("label=zone=y")).contains("\"uid\":\"b\"");
        assertThatThrownBy(() -> body("label=zone=z")).hasMessageStartingWith("no eligible node: none matches");
    }

    @Test
    void ineligibleNodes_areCountedByReason() throws Exception {
        nodes.beat("stale", 0, 10);
        nodes.ticker.advance(Duration.ofSeconds(16));
        nodes.beat("draining", 0, Nodes.status(true, 10, Map.of()).withAddress("a:1"));
        nodes.beat("nowhere", 0, Nodes.status(false, 10, Map.of()));
        nodes.beat("unlimited", 0, Nodes.status(false, 0, Map.of()).withAddress("a:1"));
        nodes.beat("full", 10, 10);
        assertThatThrownBy(() -> pick(1))
                .hasMessage("no eligible node: 1 draining, 1 stale, 1 without address, 1 without capacity, 1 full"
                        + " (expected: a live one with address and free capacity)");

        nodes.beat("live", 0, 10);

        assertThat(pick(6)).containsExactly("live");
    }

    @Test
    void redisOutage_hasNoEligibleNode() {
        nodes.beat("a", 0, 10);
        nodes.view.subscription().onDisconnected(0);

        assertThatThrownBy(() -> pick(1))
                .hasMessageStartingWith("no eligible node: 1 in a partition that does not respond");
    }

    @Test
    void emptyCluster_returnsNoNode() {
        assertThatThrownBy(() -> pick(1)).hasMessageStartingWith("no eligible node: none matches");
    }

    @ParameterizedTest
    @CsvSource({
        "n=0, n: 0 (expected: 1 to 16)",
        "n=17, n: 17 (expected: 1 to 16)",
        "n=x, 'n: ''x'' (expected: a whole number, 0 or more)'",
        "zone=a, 'unknown parameter ''zone'' (expected: label, n, name, node)'",
        "label=zone, 'label: ''zone'' (expected: name=value)'",
    })
    void invalidQuery_isRejected(String query, String message) {
        assertThatThrownBy(() -> body(query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /**
     * 20 nodes of capacity 1,000 with a beat every 5 s, and 1,000 new clients between two beats, each of which is connected at once.
     * A choice by the last beat alone sends all of them to one node.
     */
    @Test
    void manyClients_picksAreBalanced_leastLoadedOfTheLastBeatIsNot() {
        double[] leastLoaded = peaks(clients -> least(clients));
        double[] picks = peaks(clients -> Integer.parseInt(picked().substring(1)));

        assertThat(leastLoaded).containsExactly(20, 10, 4, 2);
        assertThat(Arrays.stream(picks)).allMatch(peak -> peak < 1.1);
    }

    /** {@return max/mean of the clients of 20 nodes after 1, 2, 5 and 10 beats} */
    private double[] peaks(ToIntFunction<long[]> choice) {
        long[] clients = new long[20];
        double[] peaks = new double[11];
        for (int beat = 1; beat <= 10; beat++) {
            long[] reported = clients.clone();
            for (int node = 0; node < clients.length; node++) {
                nodes.beat("u" + node, reported[node], 1_000_000);
            }
            for (int client = 0; client < 1_000; client++) {
                clients[choice.applyAsInt(reported)]++;
            }
            peaks[beat] = Arrays.stream(clients).max().orElseThrow() * 20.0 / (1_000 * beat);
        }
        return new double[] {peaks[1], peaks[2], peaks[5], peaks[10]};
    }

    private static int least(long[] clients) {
        return IntStream.range(0, clients.length)
                .reduce((one, other) -> clients[other] < clients[one] ? other : one)
                .orElseThrow();
    }
}
