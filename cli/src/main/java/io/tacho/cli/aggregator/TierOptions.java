// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.aggregator.period.TierSettings;
import io.tacho.cli.history.RetentionOptions;
import io.tacho.model.period.PeriodCalendar;
import java.time.DateTimeException;
import java.time.ZoneId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command-line options of the long-term history. */
final class TierOptions {

    @Mixin
    private final RetentionOptions retention = new RetentionOptions();

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
        return new TierSettings(retention.retention(), new PeriodCalendar(id));
    }
}
