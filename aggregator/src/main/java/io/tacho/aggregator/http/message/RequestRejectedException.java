// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

/** A request that is rejected; the message contains the found and the expected value. */
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
