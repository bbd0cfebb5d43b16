// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;
import java.util.Optional;

/**
 * Counters of a node since its start; they never decrease. The counters of a {@link NodeSnapshot} are differences of such totals.
 *
 * @param numMsgPublished messages published
 * @param numMsgQueued messages put into client queues
 * @param numMsgSent messages actually sent to clients
 * @param numApiRequests server API requests
 * @param numClientRequests client API requests
 * @param bytesClientIn bytes received from clients
 * @param bytesClientOut bytes sent to clients
 * @param timeApiSum time spent on all server API requests together, nanoseconds
 * @param timeClientSum time spent on all client API requests together, nanoseconds
 */
public record NodeTotals(
        long numMsgPublished,
        long numMsgQueued,
        long numMsgSent,
        long numApiRequests,
        long numClientRequests,
        long bytesClientIn,
        long bytesClientOut,
        long timeApiSum,
        long timeClientSum) {

    /** Totals of a node on which nothing has happened. */
    public static final NodeTotals ZERO = new NodeTotals(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeTotals {
        check(TotalField.NUM_MSG_PUBLISHED, numMsgPublished);
        check(TotalField.NUM_MSG_QUEUED, numMsgQueued);
        check(TotalField.NUM_MSG_SENT, numMsgSent);
        check(TotalField.NUM_API_REQUESTS, numApiRequests);
        check(TotalField.NUM_CLIENT_REQUESTS, numClientRequests);
        check(TotalField.BYTES_CLIENT_IN, bytesClientIn);
        check(TotalField.BYTES_CLIENT_OUT, bytesClientOut);
        check(TotalField.TIME_API_SUM, timeApiSum);
        check(TotalField.TIME_CLIENT_SUM, timeClientSum);
    }

    // the nanoseconds of a busy node pass 2^53 within days
    private static void check(TotalField field, long value) {
        long max = field.isDuration() ? Long.MAX_VALUE : Checks.MAX_VALUE;
        if (value < 0 || value > max) {
            Checks.between("totals." + field.wireName(), value, 0, max);
        }
    }

    /**
     * Supplies the numbers of totals.
     *
     * @param <E> what supplying may throw
     */
    @FunctionalInterface
    public interface Numbers<E extends Exception> {

        /** Returns the number of that field. */
        long of(TotalField field) throws E;
    }

    /** Creates totals from the number of each field. */
    public static <E extends Exception> NodeTotals of(Numbers<E> numbers) throws E {
        return new NodeTotals(
                numbers.of(TotalField.NUM_MSG_PUBLISHED),
                numbers.of(TotalField.NUM_MSG_QUEUED),
                numbers.of(TotalField.NUM_MSG_SENT),
                numbers.of(TotalField.NUM_API_REQUESTS),
                numbers.of(TotalField.NUM_CLIENT_REQUESTS),
                numbers.of(TotalField.BYTES_CLIENT_IN),
                numbers.of(TotalField.BYTES_CLIENT_OUT),
                numbers.of(TotalField.TIME_API_SUM),
                numbers.of(TotalField.TIME_CLIENT_SUM));
    }

    /**
     * Returns the total of a counter.
     *
     * @throws IllegalArgumentException if the field is not a counter
     */
    public long number(Field counter) {
        return switch (counter) {
            case NUM_MSG_PUBLISHED -> numMsgPublished;
            case NUM_MSG_QUEUED -> numMsgQueued;
            case NUM_MSG_SENT -> numMsgSent;
            case NUM_API_REQUESTS -> numApiRequests;
            case NUM_CLIENT_REQUESTS -> numClientRequests;
            case BYTES_CLIENT_IN -> bytesClientIn;
            case BYTES_CLIENT_OUT -> bytesClientOut;
            default -> throw new IllegalArgumentException(counter.wireName() + ": no total (expected: a counter)");
        };
    }

    /** {@return the time spent on all requests of that kind together, nanoseconds} */
    public long nanos(RequestKind requests) {
        return requests == RequestKind.API ? timeApiSum : timeClientSum;
    }

    /**
     * Totals of a process that outlives its agent. With them a restarted agent knows what happened while none was running.
     *
     * @param process identifies one run of the process: its start; 1 to 128 printable ASCII characters without spaces
     * @param totals counters since the start of the process
     */
    public record ProcessTotals(String process, NodeTotals totals) {

        /** @throws IllegalArgumentException naming the field that is out of its bounds */
        public ProcessTotals {
            Checks.id("process", process, Checks.MAX_UID_LENGTH);
            Objects.requireNonNull(totals, "totals");
        }

        /** {@return what was counted since then; empty if it was another run of the process, or a counter has decreased} */
        public Optional<NodeTotals> since(ProcessTotals before) {
            boolean comparable = process.equals(before.process)
                    && TotalField.ALL.stream().allMatch(total -> total.of(totals) >= total.of(before.totals));
            return comparable
                    ? Optional.of(NodeTotals.of(total -> total.of(totals) - total.of(before.totals)))
                    : Optional.empty();
        }
    }
}
