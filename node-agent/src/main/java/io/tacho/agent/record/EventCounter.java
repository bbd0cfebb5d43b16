// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * A counter of a host's own events. It never throws and never blocks; a negative count is not recorded.
 *
 * <p>Thread safety: safe.
 */
public interface EventCounter {

    /** Records one event. */
    default void increment() {
        add(1);
    }

    /** Records events. */
    void add(long count);
}
