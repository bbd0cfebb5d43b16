// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.period.PeriodCalendar;
import io.tacho.store.TierRetention;
import java.time.ZoneId;

/**
 * The settings of the long-term history.
 *
 * @param retention how long hours, days and months are stored
 * @param calendar determines when days and months begin; the same at all aggregators of a namespace
 */
public record TierSettings(TierRetention retention, PeriodCalendar calendar) {

    /** Hours for 90 days, days and months for ten years, in UTC. */
    public static final TierSettings DEFAULT =
            new TierSettings(TierRetention.DEFAULT, new PeriodCalendar(ZoneId.of("UTC")));
}
