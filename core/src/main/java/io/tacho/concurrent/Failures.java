// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Unwraps the failures of asynchronous tasks, and finds their causes. */
public final class Failures {

    private Failures() {}

    /** {@return the failure without the {@link CompletionException}s and {@link ExecutionException}s around it} */
    public static Throwable unwrap(Throwable failure) {
        Throwable unwrapped = failure;
        Throwable cause = unwrapped.getCause();
        while (cause != null && (unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException)) {
            unwrapped = cause;
            cause = unwrapped.getCause();
        }
        return unwrapped;
    }

    /** {@return the first of this class among a failure and its causes; null if there is none} */
    public static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !type.isInstance(cause)) {
            cause = cause.getCause();
        }
        return type.cast(cause);
    }

    /** {@return the message of the unwrapped failure, or what its class means if it has none} */
    public static String message(Throwable failure) {
        Throwable unwrapped = unwrap(failure);
        String message = unwrapped.getMessage();
        if (message != null) {
            return message;
        }
        return unwrapped instanceof ClosedChannelException
                ? "connection closed"
                : unwrapped.getClass().getSimpleName();
    }
}
