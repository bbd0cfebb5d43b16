// SPDX-License-Identifier: Apache-2.0
/**
 * The recent membership changes of the cluster, the same at every aggregator.
 *
 * <p>Data flow: changes of the view → {@code MembershipHistory} → {@code MembershipLog} (shared) → list for {@code
 * /membership}.
 *
 * <p>Without rights for the shared log, an aggregator lists what it has observed itself.
 */
@NullMarked
package io.tacho.aggregator.membership;

import org.jspecify.annotations.NullMarked;
