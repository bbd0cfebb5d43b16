// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;

/**
 * The message that a second agent publishes a uid: the store rejected its beat.
 *
 * @param uid the node that both report
 * @param seq the {@code seq} of the last beat that was accepted; 0 if unknown
 * @param holder the writer whose beats are accepted
 * @param rejected the writer whose beat was rejected
 */
public record ConflictEnvelope(String uid, long seq, Writer holder, Writer rejected) implements Envelope {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public ConflictEnvelope {
        Checks.uid(uid);
        Checks.between("seq", seq, 0, Checks.MAX_VALUE);
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(rejected, "rejected");
    }
}
