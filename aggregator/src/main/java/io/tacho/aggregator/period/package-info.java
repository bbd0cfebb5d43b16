// SPDX-License-Identifier: Apache-2.0
/**
 * The long-term history: hours, days, weeks and months of the cluster.
 *
 * <p>Data flow: {@code PeriodStore} (Redis) → {@code TierRollUp} → {@code PeriodStore}, which any number of aggregators do; and
 * {@code PeriodStore} → {@code PeriodReader} → {@code PeriodRow}s. {@code PeriodHistory} runs both.
 */
@NullMarked
package io.tacho.aggregator.period;

import org.jspecify.annotations.NullMarked;
