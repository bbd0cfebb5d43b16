// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

/** A request that cannot be answered as it is; the message says what was found and what was expected. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status status;

    RefusedException(Status status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    Status status() {
        return status;
    }
}
