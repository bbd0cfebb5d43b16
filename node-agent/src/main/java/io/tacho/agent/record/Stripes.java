// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * Spreads writers over cells, so that they seldom meet. Threads that are made one after the other, as pools make theirs,
 * have different cells as far as there are any; nothing is kept per thread, so virtual threads cost nothing.
 */
final class Stripes {

    /** A power of two: four for each CPU, 64 at the most. */
    static final int COUNT = count(Runtime.getRuntime().availableProcessors());

    static final int MASK = COUNT - 1;

    private Stripes() {}

    static int count(int processors) {
        return Math.min(64, 4 * Integer.highestOneBit(2 * processors - 1));
    }

    /** Where the current thread begins to look. */
    static int home() {
        return (int) Thread.currentThread().getId() & MASK;
    }
}
