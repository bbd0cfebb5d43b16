// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.math.BigInteger;
import java.util.List;

/** All nodes as one, by each column's rule. */
final class Totals {

    private Totals() {}

    static long of(Column column, List<Node> nodes) {
        return switch (column.merge) {
            case SUM, BOUND ->
                nodes.stream().mapToLong(node -> node.value(column)).reduce(0, Totals::saturated);
            case MAX ->
                nodes.stream().mapToLong(node -> node.value(column)).max().orElse(0);
            case MEAN -> mean(column, nodes);
            case NONE -> 0;
        };
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long mean(Column column, List<Node> nodes) {
        Column requests = column == Column.API_MEAN ? Column.API_REQUESTS : Column.CLIENT_REQUESTS;
        BigInteger time = BigInteger.ZERO;
        BigInteger count = BigInteger.ZERO;
        for (Node node : nodes) {
            BigInteger weight = BigInteger.valueOf(node.value(requests));
            time = time.add(weight.multiply(BigInteger.valueOf(node.value(column))));
            count = count.add(weight);
        }
        return count.signum() == 0 ? 0 : time.divide(count).longValue();
    }
}
