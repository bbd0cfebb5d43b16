// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

/** A request that cannot be answered as it is; the message says what was found and what was expected. */
public final class RequestRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status status;

    public RequestRejectedException(Status status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
