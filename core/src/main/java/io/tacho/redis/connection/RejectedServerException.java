// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisException;

/** A server that was reached but is not used, e.g. because it is a replica. */
final class RejectedServerException extends RedisException {

    private static final long serialVersionUID = 1;

    RejectedServerException(String message) {
        super(message);
    }
}
