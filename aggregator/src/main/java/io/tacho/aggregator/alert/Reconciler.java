// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what is known to have been said and of what is so now what is to be said.
 *
 * @param silences those of the file
 */
record Reconciler(List<Silence> silences) {

    /** More alerts at a time are not kept: somebody has enough to look at. */
    static final int MOST = 1_000;

    /** That something is over is not told any more after that. */
    private static final Duration OF_INTEREST = Duration.ofHours(1);

    /** Whether it is not to be said now. */
    boolean isSilenced(Alert alert, Instant now) {
        return silences.stream().anyMatch(silence -> silence.covers(alert, now));
    }

    /**
     * Brings the draft up to date.
     *
     * @return how many findings found no room
     */
    int reconcile(Draft draft, Watches watches, Instant now) {
        int left = 0;
        Set<String> found = new HashSet<>();
        Map<String, Watch> byName = new HashMap<>();
        for (Map.Entry<Rule, Watch> each : watches.byRule().entrySet()) {
            String rule = each.getKey().name();
            byName.put(rule, each.getValue());
            List<Finding> findings = each.getValue().found().values().stream()
                    .sorted(Comparator.comparing(Finding::name).thenComparing(Finding::uid))
                    .toList();
            for (Finding finding : findings) {
                found.add(Alert.key(rule, finding.uid()));
                left += take(draft, rule, finding, now) ? 0 : 1;
            }
        }
        for (Alert alert : draft.all()) {
            if (alert.isOver()) {
                forgetIfOld(draft, alert, now);
            } else if (!found.contains(alert.key())) {
                end(draft, alert, byName.get(alert.rule()), now);
            }
        }
        return left;
    }

    private static boolean take(Draft draft, String rule, Finding finding, Instant now) {
        Alert known = draft.get(Alert.key(rule, finding.uid()));
        if (known != null) {
            if (known.isOver()) {
                draft.put(known.again());
            }
            return true;
        }
        if (draft.size() >= MOST) {
            return false;
        }
        draft.put(Alert.firing(UUID.randomUUID().toString(), rule, finding, now.toEpochMilli()));
        return true;
    }

    private void end(Draft draft, Alert alert, @Nullable Watch watch, Instant now) {
        String why = watch == null ? "the rule is gone" : watch.over(alert);
        if (why == null) {
            return;
        }
        if (!alert.told() && isSilenced(alert, now)) {
            draft.remove(alert);
        } else {
            draft.put(alert.over(now.toEpochMilli(), why));
        }
    }

    private static void forgetIfOld(Draft draft, Alert alert, Instant now) {
        if (now.toEpochMilli() - alert.overMillis() > OF_INTEREST.toMillis()) {
            draft.remove(alert);
        }
    }
}
