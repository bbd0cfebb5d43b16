// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

/** Reports that a line was rejected; it changes nothing. */
@SuppressWarnings("serial")
final class Rejected extends Exception {

    /** The reason. */
    enum Reason {
        MALFORMED("malformed"),
        NO_METRIC("events and service checks"),
        UNKNOWN_TYPE("unknown types"),
        BAD_RATE("bad sample rates"),
        BAD_VALUE("bad values"),
        TOO_LARGE("values that lead beyond 2^53 - 1"),
        BELOW_ZERO("counters taken below zero in their window"),
        UNKNOWN_NAME("unknown names"),
        WRONG_TYPE("known names of another type"),
        CUT("datagrams that were cut at 64 KiB");

        final String description;

        Reason(String description) {
            this.description = description;
        }
    }

    final Reason reason;

    Rejected(Reason reason) {
        // may be thrown for every line: no stack trace
        super(reason.description, null, false, false);
        this.reason = reason;
    }
}
