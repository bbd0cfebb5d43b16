// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import org.jspecify.annotations.Nullable;

/** A call of the store failed; it may succeed later. The message never contains credentials. */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The partition of a failure that concerns no single one. */
    public static final int NO_PARTITION = -1;

    private final int partition;

    /** Creates an exception with a message for operators. */
    public TransportException(String message, @Nullable Throwable cause) {
        this(message, cause, NO_PARTITION);
    }

    private TransportException(String message, @Nullable Throwable cause, int partition) {
        super(message, cause);
        this.partition = partition;
    }

    /** {@return the failure as that of a call for one partition} */
    public TransportException ofPartition(int partition) {
        return new TransportException(String.valueOf(getMessage()), this, partition);
    }

    /** {@return the partition whose server failed; {@link #NO_PARTITION} if the failure concerns no single one} */
    public int partition() {
        return partition;
    }
}
