// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.MembershipChange;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The recent membership changes of the cluster, shared by all aggregators. Each change is in the log once, however many
 * aggregators append it: a departure is accepted only for a node that has not departed, a join only for one that is not a
 * member. The log keeps the last {@value #MAX_CHANGES} changes.
 *
 * <p>Thread safety: calls are sequential.
 */
public interface MembershipLog extends AutoCloseable {

    /** The number of changes that the log keeps. */
    int MAX_CHANGES = 1_000;

    /**
     * The time within which two departures of one node without a join in between are one departure, observed with different last beats.
     */
    long SAME_DEPARTURE_MILLIS = 60_000;

    /** The position of a reader that has read nothing. */
    String START = "";

    /**
     * Appends those changes that the log does not contain yet, and returns the changes after a position.
     *
     * @param changes in order
     * @param nowMillis the current time on the clock of the changes' times; the log has its own clock
     * @param position {@link #START}, or that of the last page
     * @return completed exceptionally with {@link TransportException} if the log is unreachable
     */
    CompletionStage<MembershipPage> append(List<MembershipChange> changes, long nowMillis, String position);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}
