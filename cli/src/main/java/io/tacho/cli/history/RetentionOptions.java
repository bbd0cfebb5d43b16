// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.history;

import io.tacho.store.TierRetention;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The command-line options of the retention of hours, days and months. */
public final class RetentionOptions {

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

    /**
     * Returns the retention.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    public TierRetention retention() {
        return new TierRetention(hours, days, months);
    }
}
