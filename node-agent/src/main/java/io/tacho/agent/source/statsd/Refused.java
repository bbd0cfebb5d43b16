// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

/** A line that changes nothing. */
@SuppressWarnings("serial")
final class Refused extends Exception {

    /** Why. */
    enum Reason {
        MALFORMED("malformed"),
        NO_METRIC("events and service checks"),
        UNKNOWN_TYPE("unknown types"),
        BAD_RATE("bad sample rates"),
        BAD_VALUE("bad values"),
        UNKNOWN_NAME("unknown names"),
        WRONG_TYPE("known names of another type"),
        SET_FULL("values of a set beyond its limit");

        final String inWords;

        Reason(String inWords) {
            this.inWords = inWords;
        }
    }

    final Reason reason;

    Refused(Reason reason) {
        // thrown at the rate of a flood: no trace
        super(reason.inWords, null, false, false);
        this.reason = reason;
    }
}
