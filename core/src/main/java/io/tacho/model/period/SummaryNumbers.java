// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import io.tacho.model.Field;
import io.tacho.model.TotalField;
import io.tacho.model.WindowGauges;
import java.math.BigInteger;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * The names of the exact numbers in a {@link PeriodSummary}, derived from the field catalogue. Those named like a counter are its
 * sum, {@code time_api_sum} and {@code time_client_sum} are nanoseconds, and those of gauges are integrals over time: the mean of a
 * gauge is its integral divided by the covered seconds.
 */
public final class SummaryNumbers {

    /** The number of windows of nodes. */
    public static final String NODE_WINDOWS = "node_windows";

    /** The number of windows of nodes that also count what happened before their start. */
    public static final String BRIDGED = "bridged";

    /** The seconds that windows cover; of a partition other than the first 0, so that partitions can be added up. */
    public static final String SECONDS = "seconds";

    /** The number of nodes, integrated over time. */
    public static final String NODE_SECONDS = "node_seconds";

    /** The number of windows of nodes in the sketch of users. */
    public static final String USERS_NODES = "users_nodes";

    /** The number of windows of nodes in the sketch of channels. */
    public static final String CHANNELS_NODES = "channels_nodes";

    /** The largest number of users of a single node: a lower bound. */
    public static final String MAX_UNIQUE_CLIENTS = "max_unique_clients";

    /** The largest number of channels of a single node: a lower bound. */
    public static final String MAX_CHANNELS = "max_channels";

    private static final List<String> MAXIMA =
            List.of(Field.TIME_API_MAX.wireName(), Field.TIME_CLIENT_MAX.wireName(), MAX_UNIQUE_CLIENTS, MAX_CHANNELS);

    /** The names of all numbers. */
    public static final List<String> ALL = Stream.of(
                    Stream.of(NODE_WINDOWS, BRIDGED, SECONDS, NODE_SECONDS, USERS_NODES, CHANNELS_NODES),
                    TotalField.ALL.stream().map(TotalField::wireName),
                    WindowGauges.FIELDS.stream().map(SummaryNumbers::integral),
                    MAXIMA.stream())
            .flatMap(names -> names)
            .toList();

    private SummaryNumbers() {}

    /** {@return the name of the integral of a gauge over time} */
    public static String integral(Field gauge) {
        return gauge.wireName() + "_seconds";
    }

    /** {@return the rule by which two numbers with that name are merged: their sum, or the larger of them} */
    static BinaryOperator<BigInteger> rule(String name) {
        return MAXIMA.contains(name) ? BigInteger::max : BigInteger::add;
    }
}
