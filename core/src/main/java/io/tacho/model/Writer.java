// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import org.jspecify.annotations.Nullable;

/**
 * An agent process that publishes the beats of a uid. Of several at the same time the store accepts one.
 *
 * @param id random, new with every process: 1 to 64 printable ASCII characters without spaces
 * @param host the machine or container on which it runs; null if not reported
 */
public record Writer(String id, @Nullable String host) {

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
