// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.period.TierSettings;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.store.TierRetention;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import picocli.CommandLine.Option;

/** The command-line options of the long-term history. */
final class TierOptions {

    @Option(
            names = "--history-hours",
            paramLabel = "DURATION",
            description = "Retention of the hours in the long-term history (default: 90d).")
    private Duration hours = TierRetention.DEFAULT.hours();

    @Option(
            names = "--history-days",
            paramLabel = "DURATION",
            description = "Retention of its days (default: 3653d, ten years).")
    private Duration days = TierRetention.DEFAULT.days();

    @Option(
            names = "--history-months",
            paramLabel = "DURATION",
            description = "Retention of its months (default: 3653d).")
    private Duration months = TierRetention.DEFAULT.months();

    @Option(
            names = "--history-zone",
            paramLabel = "ZONE",
            description = "The time zone of days, weeks and months, e.g. Europe/Berlin; the same at all aggregators"
                    + " (default: UTC).")
    private String zone = TierSettings.DEFAULT.calendar().zone().getId();

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    TierSettings settings() {
        ZoneId id;
        try {
            id = ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "history-zone: '" + zone + "' (expected: a time zone, e.g. UTC or Europe/Berlin)", e);
        }
        return new TierSettings(new TierRetention(hours, days, months), new PeriodCalendar(id));
    }
}
