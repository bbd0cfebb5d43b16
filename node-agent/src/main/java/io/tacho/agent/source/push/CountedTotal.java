// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import org.jspecify.annotations.Nullable;

/**
 * A counter's total now, and how much was counted in the open window.
 *
 * @param total as it was pushed last
 * @param increase in the window, also before the counter was reset; {@link Long#MAX_VALUE} if it is larger
 */
record CountedTotal(long total, long increase) {

    /** Returns the counter after a total was pushed. One that decreased started at 0; the first one is no increase. */
    static CountedTotal after(@Nullable CountedTotal known, long total) {
        if (known == null) {
            return new CountedTotal(total, 0);
        }
        long more = total >= known.total ? total - known.total : total;
        return new CountedTotal(total, Math.min(known.increase, Long.MAX_VALUE - more) + more);
    }

    /** Returns the counter at the start of the next window. */
    CountedTotal nextWindow() {
        return new CountedTotal(total, 0);
    }
}
