// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The numbers of {@link NodeTotals}, in their order on the wire: the counters of the {@link Field} catalogue, and for each
 * mean the sum that it is computed from.
 */
public enum TotalField {
    NUM_MSG_PUBLISHED(Field.NUM_MSG_PUBLISHED, NodeTotals::numMsgPublished),
    NUM_MSG_QUEUED(Field.NUM_MSG_QUEUED, NodeTotals::numMsgQueued),
    NUM_MSG_SENT(Field.NUM_MSG_SENT, NodeTotals::numMsgSent),
    NUM_API_REQUESTS(Field.NUM_API_REQUESTS, NodeTotals::numApiRequests),
    NUM_CLIENT_REQUESTS(Field.NUM_CLIENT_REQUESTS, NodeTotals::numClientRequests),
    BYTES_CLIENT_IN(Field.BYTES_CLIENT_IN, NodeTotals::bytesClientIn),
    BYTES_CLIENT_OUT(Field.BYTES_CLIENT_OUT, NodeTotals::bytesClientOut),
    TIME_API_SUM(Field.TIME_API_MEAN, NodeTotals::timeApiSum),
    TIME_CLIENT_SUM(Field.TIME_CLIENT_MEAN, NodeTotals::timeClientSum);

    /** All of them, in their order. */
    public static final List<TotalField> ALL = List.of(values());

    private final Field field;
    private final String wireName;
    // a method reference, without state
    @SuppressWarnings("ImmutableEnumChecker")
    private final ToLongFunction<NodeTotals> accessor;

    TotalField(Field field, ToLongFunction<NodeTotals> accessor) {
        this.field = field;
        this.accessor = accessor;
        wireName = field.wireName().replace("_mean", "_sum");
    }

    /** {@return the field of the node's interval that this is the total of, or the sum behind} */
    public Field field() {
        return field;
    }

    /** {@return the name on the wire, e.g. {@code time_api_sum}} */
    public String wireName() {
        return wireName;
    }

    /** {@return whether it is a duration in nanoseconds, with 64 bits, and not a count} */
    public boolean isDuration() {
        return field.kind() == Field.Kind.TIMER;
    }

    /** {@return that number of the totals} */
    public long of(NodeTotals totals) {
        return accessor.applyAsLong(totals);
    }
}
