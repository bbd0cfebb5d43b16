// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

/**
 * Spreads writers over cells, so that they rarely collide. Threads that are created one after the other, as in pools, start at
 * different cells. Nothing is stored per thread, so virtual threads cost nothing.
 */
final class Stripes {

    /** A power of two: four for each CPU, at most 64. */
    static final int COUNT = count(Runtime.getRuntime().availableProcessors());

    static final int MASK = COUNT - 1;

    private Stripes() {}

    static int count(int processors) {
        return Math.min(64, 4 * Integer.highestOneBit(2 * processors - 1));
    }

    /** {@return the cell that the current thread tries first} */
    static int home() {
        return (int) Thread.currentThread().getId() & MASK;
    }
}
