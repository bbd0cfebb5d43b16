// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which changes of a state are logged, so that one that changes often, such as that of a connection which is killed again and
 * again, does not fill the log. A problem is logged when it begins, but not twice in a minute unless it lasts; its end is logged if
 * a problem was.
 *
 * <p>Thread safety: safe.
 */
public final class StateLog {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long LASTING = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final Map<String, Long> lastLogged = new HashMap<>();

    /** The current problem, since when there is it, and whether it was logged; null if there is none. */
    private @Nullable String problem;

    private long since;
    private boolean isLogged;

    /** True if a problem was logged and its end was not. */
    private boolean isEndDue;

    /** @param nanoTime monotonic clock */
    public StateLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Returns whether the problem is to be logged now.
     *
     * @param kind what distinguishes it from other problems; one of few
     */
    public synchronized boolean isNews(String kind) {
        long now = nanoTime.getAsLong();
        if (!kind.equals(problem)) {
            problem = kind;
            since = now;
            Long last = lastLogged.get(kind);
            isLogged = last == null || now - last >= MINUTE;
        } else if (isLogged || now - since < LASTING) {
            return false;
        } else {
            isLogged = true;
        }
        if (isLogged) {
            lastLogged.put(kind, now);
            isEndDue = true;
        }
        return isLogged;
    }

    /** Returns whether it is to be logged now that there is no problem any more. */
    public synchronized boolean isEndNews() {
        problem = null;
        boolean due = isEndDue;
        isEndDue = false;
        return due;
    }
}
