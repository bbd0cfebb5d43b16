// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import org.jspecify.annotations.Nullable;

/**
 * The leave message of a node: from now on it is not part of the cluster.
 *
 * @param uid the node that leaves
 * @param seq higher than that of every snapshot of this uid
 * @param writer the id of the agent process that published its beats; null if not reported
 */
public record LeaveEnvelope(String uid, long seq, @Nullable String writer) implements Envelope {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public LeaveEnvelope {
        Checks.uid(uid);
        Checks.between("seq", seq, 1, Checks.MAX_VALUE);
        if (writer != null) {
            Checks.id("writer", writer, Envelope.Writer.MAX_ID_LENGTH);
        }
    }

    /** Creates a leave message that does not report its writer. */
    public LeaveEnvelope(String uid, long seq) {
        this(uid, seq, null);
    }
}
