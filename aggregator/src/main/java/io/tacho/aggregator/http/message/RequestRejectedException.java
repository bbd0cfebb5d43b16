// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is rejected; the message contains the found and the expected value. */
public final class RequestRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final HttpResponseStatus status;

    public RequestRejectedException(HttpResponseStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public HttpResponseStatus status() {
        return status;
    }
}
