// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Objects;

/**
 * One node at one moment: what it is ({@link NodeInfo}) and what happened in its last completed interval
 * ({@link IntervalMetrics}), flattened to the 22 keys of an entry of Centrifugo 1.0–1.3's {@code stats}.
 */
@JsonPropertyOrder({"info", "metrics"})
public record NodeSnapshot(
        @JsonUnwrapped NodeInfo info, @JsonUnwrapped IntervalMetrics metrics) {

    /** The largest value of any numeric field: the largest integer that every JSON reader keeps exact (2^53 - 1). */
    public static final long MAX_VALUE = Checks.MAX_VALUE;

    public NodeSnapshot {
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(metrics, "metrics");
    }

    public String uid() {
        return info.uid();
    }

    public String name() {
        return info.name();
    }
}
