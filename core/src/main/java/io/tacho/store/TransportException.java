// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import org.jspecify.annotations.Nullable;

/** The transport could not do it now; it may later. The message never holds credentials. */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
