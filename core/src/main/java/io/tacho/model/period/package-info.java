// SPDX-License-Identifier: Apache-2.0
/**
 * The long-term history: what happened on the cluster in an hour, a day or a month.
 *
 * <p>A {@code Period} is an hour, day or month of a {@code PeriodCalendar}, in a time zone. A {@code PeriodSummary} contains what
 * happened in it: exact sums, peaks with their time, histograms and sketches. Its size does not depend on the number of nodes.
 * Summaries of hours are merged from the windows of the cluster ({@code WindowSummary}), those of days from hours, those of months
 * from days. A merge of the same values always has the same result, in whichever order they are added.
 */
@NullMarked
package io.tacho.model.period;

import org.jspecify.annotations.NullMarked;
