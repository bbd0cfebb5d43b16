// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * The leave message of a node: from now on it is not part of the cluster.
 *
 * @param uid the node that leaves
 * @param seq higher than that of every snapshot of this uid
 */
public record LeaveEnvelope(String uid, long seq) implements Envelope {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public LeaveEnvelope {
        Checks.uid(uid);
        Checks.between("seq", seq, 1, Checks.MAX_VALUE);
    }
}
