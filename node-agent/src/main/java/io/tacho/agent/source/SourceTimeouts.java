// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.time.Duration;

/** The times after which a source that is silent counts as stale and gone. */
public final class SourceTimeouts {

    private SourceTimeouts() {}

    /** Records an error for each time that is not positive. */
    public static void check(SettingErrors errors, Duration staleAfter, Duration goneAfter) {
        check(errors, "stale-after", staleAfter);
        check(errors, "gone-after", goneAfter);
    }

    /** Records an error for a time that is not positive. */
    public static void check(SettingErrors errors, String setting, Duration time) {
        errors.require(
                !time.isNegative() && !time.isZero(),
                () -> setting + ": " + Durations.format(time) + " (expected: > 0)");
    }
}
