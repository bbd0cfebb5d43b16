// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;

/**
 * A membership event of one node.
 *
 * @param event what happened
 * @param timeMillis when, UNIX milliseconds
 * @param beat the node's last beat, without histograms, sketches and extra values
 */
public record MembershipChange(MembershipEvent event, long timeMillis, SnapshotEnvelope beat) {

    public MembershipChange {
        Checks.count("timeMillis", timeMillis);
        Objects.requireNonNull(event, "event");
        beat = beat.withoutDetail();
    }

    /** {@return the {@code seq} of the node's last beat} */
    public long seq() {
        return beat.seq();
    }

    /** {@return the node's last numbers} */
    public NodeSnapshot node() {
        return beat.snapshot();
    }
}
