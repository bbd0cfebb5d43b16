// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/** A message of one node to all aggregators. */
public sealed interface Envelope permits SnapshotEnvelope, LeaveEnvelope {

    /** The contract version this code writes, and the highest it reads. */
    int VERSION = 1;

    /** Returns the uid of the sending node. */
    String uid();

    /**
     * Returns the sequence number of the message, which grows with every message of a uid, also over restarts of the program that
     * reports for the node. Of two messages of one uid the one with the higher number is valid.
     */
    long seq();
}
