// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The attempts of this aggregator to deliver notifications to its receivers: how many there were, and the last ones.
 *
 * <p>Thread safety: confined to one thread.
 */
final class DeliveryLog {

    private static final int MAX_ATTEMPTS = 20;

    private final Deque<DeliveryAttempt> recentAttempts = new ArrayDeque<>();
    private long deliveredCount;
    private long failedCount;

    /** Adds an attempt. */
    void add(DeliveryAttempt attempt) {
        recentAttempts.addFirst(attempt);
        if (recentAttempts.size() > MAX_ATTEMPTS) {
            recentAttempts.removeLast();
        }
        if (attempt.isDelivered()) {
            deliveredCount++;
        } else {
            failedCount++;
        }
    }

    /** Returns the last attempts, newest first. */
    List<DeliveryAttempt> recentAttempts() {
        return List.copyOf(recentAttempts);
    }

    /** {@return the number of delivered notifications} */
    long deliveredCount() {
        return deliveredCount;
    }

    /** {@return the number of failed attempts} */
    long failedCount() {
        return failedCount;
    }
}
