// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/** A message or an entry that violates the contract; the message names the found and the expected value. */
public final class MalformedSnapshotException extends Exception {

    /** The reason for which a message was rejected: the label of its counter. */
    public enum Reason {
        /** Longer than {@code SnapshotCodec.MAX_BYTES}; not even looked at. */
        TOO_LARGE("too_large"),
        /** Not one well-formed JSON object in UTF-8. */
        NOT_JSON("not_json"),
        /** Written by a later contract version. */
        UNSUPPORTED_VERSION("unsupported_version"),
        /** Neither a snapshot nor a leave. */
        UNKNOWN_TYPE("unknown_type"),
        /** A field is missing, of the wrong type or out of its bounds. */
        BAD_FIELD("bad_field"),
        /** An entry in Redis that would never expire. */
        NO_TTL("no_ttl"),
        /** An entry that stands under the key of another uid. */
        WRONG_KEY("wrong_key"),
        WRONG_PARTITION("wrong_partition"),
        /** Something optional that is wrong or of a later version: it alone is left out, the rest holds. */
        UNREADABLE_PART("unreadable_part");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        /** In lower case with underscores, for metrics and responses. */
        public String label() {
            return label;
        }
    }

    private static final long serialVersionUID = 1;

    private final Reason reason;

    public MalformedSnapshotException(Reason reason, String message) {
        // a hostile publisher must not make us fill stack traces
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
