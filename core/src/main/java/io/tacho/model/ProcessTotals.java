// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;
import java.util.Optional;

/**
 * Counters of a process that outlives its agent. With them a restarted agent knows what happened while none was running.
 *
 * @param process identifies one run of the process: its start; 1 to 128 printable ASCII characters without spaces
 * @param totals counters since the start of the process
 */
public record ProcessTotals(String process, NodeTotals totals) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public ProcessTotals {
        Checks.id("process", process, Checks.MAX_UID_LENGTH);
        Objects.requireNonNull(totals, "totals");
    }

    /** {@return what was counted since then; empty if it was another run of the process, or a counter has decreased} */
    public Optional<NodeTotals> since(ProcessTotals before) {
        boolean comparable = process.equals(before.process)
                && TotalField.ALL.stream().allMatch(total -> total.of(totals) >= total.of(before.totals));
        return comparable
                ? Optional.of(NodeTotals.of(total -> total.of(totals) - total.of(before.totals)))
                : Optional.empty();
    }
}
