// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/** A message of one node to all who follow the cluster. */
public sealed interface Envelope permits SnapshotEnvelope, LeaveEnvelope, ConflictEnvelope {

    /** The contract version this code writes, and the highest it reads. */
    int VERSION = 1;

    /** The node that speaks. */
    String uid();

    /**
     * The message's place among all messages of this uid: it grows with every message, also over restarts of the program
     * that reports for the node. Of two messages of one uid the one with the higher value is the truth.
     */
    long seq();
}
