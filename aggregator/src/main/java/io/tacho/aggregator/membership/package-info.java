// SPDX-License-Identifier: Apache-2.0
/**
 * The recent membership changes of the cluster (joined, draining, left, lost, restarted), the same at every aggregator.
 *
 * <p>Data flow: changes of the view → {@code MembershipHistory} → {@code MembershipLog} in Redis, shared by all aggregators → {@code
 * MembershipHistory} → {@code /membership}. The log writes each change once, however many aggregators report it. An aggregator
 * without the rights for the log lists what it has observed itself.
 */
@NullMarked
package io.tacho.aggregator.membership;

import org.jspecify.annotations.NullMarked;
