// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message of one node to all aggregators. */
public sealed interface Envelope permits SnapshotEnvelope, LeaveEnvelope, Envelope.Conflict {

    /** The contract version this code writes, and the highest it reads. */
    int VERSION = 1;

    /** Returns the uid of the sending node. */
    String uid();

    /**
     * Returns the sequence number of the message, which grows with every message of a uid, also over restarts of the program that
     * reports for the node. Of two messages of one uid the one with the higher number is valid.
     */
    long seq();

    /**
     * An agent process that publishes the beats of a uid. Of several at the same time the store accepts one.
     *
     * @param id random, new with every process: 1 to 64 printable ASCII characters without spaces
     * @param host the machine or container on which it runs; null if not reported
     */
    record Writer(String id, @Nullable String host) {

        static final int MAX_ID_LENGTH = 64;

        /** @throws IllegalArgumentException naming the field that is out of its bounds */
        public Writer {
            Checks.id("writer", id, MAX_ID_LENGTH);
            if (host != null) {
                Checks.text("host", host);
            }
        }

        /** {@return a description for the log: {@code agent 1f0c (host web-1)}} */
        @Override
        public String toString() {
            return "agent " + id + (host == null ? "" : " (host " + host + ")");
        }
    }

    /**
     * The message that a second agent publishes a uid: the store rejected its beat.
     *
     * @param uid the node that both report
     * @param seq the {@code seq} of the last beat that was accepted; 0 if unknown
     * @param holder the writer whose beats are accepted
     * @param rejected the writer whose beat was rejected
     */
    record Conflict(String uid, long seq, Writer holder, Writer rejected) implements Envelope {

        /** @throws IllegalArgumentException naming the field that is out of its bounds */
        public Conflict {
            Checks.uid(uid);
            Checks.between("seq", seq, 0, Checks.MAX_VALUE);
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(rejected, "rejected");
        }
    }
}
