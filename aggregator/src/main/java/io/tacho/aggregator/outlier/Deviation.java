// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The consecutive windows in which a value of a node deviates, with hysteresis: it takes several windows to become an outlier, and
 * several to stop being one.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Deviation {

    static final int WINDOWS_TO_ENTER = 3;
    static final int WINDOWS_TO_LEAVE = 3;

    private final Instant since;
    private int deviatingWindows;
    private int normalWindows;
    private @Nullable Outlier outlier;

    /** Creates the deviation before its first window, which starts at a time. */
    Deviation(Instant since) {
        this.since = since;
    }

    Instant since() {
        return since;
    }

    boolean isOutlier() {
        return outlier != null;
    }

    @Nullable
    Outlier outlier() {
        return outlier;
    }

    /** Adds a window that deviates. */
    void addDeviating(Outlier current) {
        normalWindows = 0;
        deviatingWindows++;
        if (deviatingWindows >= WINDOWS_TO_ENTER) {
            outlier = current;
        }
    }

    /** Adds a window that does not deviate, and returns whether the deviation has ended. */
    boolean endsWithNormal() {
        normalWindows++;
        return outlier == null || normalWindows >= WINDOWS_TO_LEAVE;
    }
}
