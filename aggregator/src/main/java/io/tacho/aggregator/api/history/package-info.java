// SPDX-License-Identifier: Apache-2.0
/**
 * Responses about the past: {@code /history}, {@code /usage}, and past times of {@code /cluster} and {@code /membership}.
 *
 * <p>Data flow: {@code HistoryService} (windows) and {@code PeriodHistory} (hours, days, weeks, months) → {@code HistoryTable} → JSON,
 * CSV or lines of JSON.
 */
@NullMarked
package io.tacho.aggregator.api.history;

import org.jspecify.annotations.NullMarked;
