// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.concurrent.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response to a request that an endpoint rejects, or in which it fails. */
public final class FailedResponse {

    private static final Logger logger = LoggerFactory.getLogger(FailedResponse.class);

    private FailedResponse() {}

    /** Returns the response to a failure, which is logged unless it is a {@link RequestRejectedException}. */
    public static FullResponse of(Request request, Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof RequestRejectedException rejected) {
            return FullResponse.error(rejected);
        }
        logger.error("{} {} failed", request.method(), request.path(), cause);
        return FullResponse.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error; the log has the details")
                .closing();
    }
}
