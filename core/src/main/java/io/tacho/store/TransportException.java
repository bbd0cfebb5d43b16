// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import org.jspecify.annotations.Nullable;

/** A call of the store failed; it may succeed later. The message never contains credentials. */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message for operators. */
    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
