// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

/**
 * The ascending numbers of a node's messages.
 *
 * <p>Thread safety: one caller at a time.
 */
final class MessageSequence {

    /** A higher one is not a time in milliseconds. */
    private static final long MAX = 1L << 52;

    private long last;

    /** Creates a sequence whose first number follows this one. */
    MessageSequence(long last) {
        this.last = last;
    }

    /** {@return the next number} */
    long next() {
        return ++last;
    }

    /** Continues after a number that is registered; returns whether it is above the last one, and valid. */
    boolean raise(long registered) {
        if (registered <= last || registered > MAX) {
            return false;
        }
        last = registered;
        return true;
    }
}
