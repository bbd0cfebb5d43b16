// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

/**
 * The last deltas of one set of attributes: a client repeats a push whose response is lost.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class OtlpRepeats {

    private static final int REPEATED_PUSHES = 8;

    /** The times of the last deltas: those of a push that is repeated are among them. */
    private final long[] times = new long[REPEATED_PUSHES];

    /** The numbers of the pushes that had them. */
    private final long[] pushes = new long[REPEATED_PUSHES];

    private int next;

    /**
     * Returns whether a delta was not added before.
     *
     * @param time of the data point, UNIX nanoseconds
     * @param scope that recorded it
     * @param push its number: several data points of one push may be of the same attributes and time
     */
    boolean isNew(long time, String scope, long push) {
        long id = 31 * time + scope.hashCode();
        for (int i = 0; i < times.length; i++) {
            if (times[i] == id) {
                return pushes[i] == push;
            }
        }
        times[next] = id;
        pushes[next] = push;
        next = (next + 1) % times.length;
        return true;
    }
}
