// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FileBody;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which bodies become files: those that the kernel sends faster from a file than from memory, as long as there is room, and
 * not while slow readers hold so much that they have to hurry.
 *
 * <p>Thread safety: one caller at a time.
 */
final class BodyFiles {

    /** Linux' file system of memory. A file elsewhere might find its way to a disk. */
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Beyond, making a file anew costs more than sending it saves; measured with {@code ./tacho bench}. */
    private static final int MAX_BYTES = 1024 * 1024;

    private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path directory;
    private final RetainedBodyBudget lingering;
    private final LongSupplier nanoTime;
    private long fromNanos;

    BodyFiles(RetainedBodyBudget lingering, LongSupplier nanoTime) {
        this(MEMORY, lingering, nanoTime);
    }

    BodyFiles(Path directory, RetainedBodyBudget lingering, LongSupplier nanoTime) {
        this.directory = directory;
        this.lingering = lingering;
        this.nanoTime = nanoTime;
        fromNanos = nanoTime.getAsLong();
    }

    /** The body as a file; null where memory will do, or has to. */
    @Nullable
    FileBody of(StatsResponse.Pieces pieces) {
        int length = pieces.length();
        if (length <= CachedResponse.ONE_PIECE_BYTES || length > MAX_BYTES || lingering.isCrowded()) {
            return null;
        }
        long now = nanoTime.getAsLong();
        if (now - fromNanos < 0) {
            return null;
        }
        FileBody file = FileBody.of(pieces, directory);
        if (file == null) {
            fromNanos = now + RETRY_NANOS;
        }
        return file;
    }
}
