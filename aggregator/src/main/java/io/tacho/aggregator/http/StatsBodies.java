// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.NodeList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /stats}, once for everybody: put together from the nodes' own bytes when it is asked for and the view
 * has changed. A large one is put together so seldom that this takes a tenth of one core at the most, and is
 * {@value #MAX_AGE_MILLIS} ms old at the most.
 *
 * <p>Thread safety: safe.
 */
final class StatsBodies {

    /** Cheaper ones are always of the moment. */
    private static final int LARGE_BYTES = 64 * 1024;

    private static final long MAX_AGE_MILLIS = 25;

    /**
     * One version.
     *
     * @param number the view's
     * @param body whose reference is the holder's
     */
    record Version(long number, ByteBuf body) {}

    private final StatsResponse stats;
    private final LongSupplier nanoTime;
    private @Nullable Version current;
    private long freshUntilNanos;

    StatsBodies(StatsResponse stats, LongSupplier nanoTime) {
        this.stats = stats;
        this.nanoTime = nanoTime;
        freshUntilNanos = nanoTime.getAsLong();
    }

    /** The version to answer with, with a reference to its body. */
    synchronized Version acquire() {
        Version version = refreshed();
        version.body().retain();
        return version;
    }

    /** The same; null if it is still the known one. */
    synchronized @Nullable Version acquireIfNewer(@Nullable Version known) {
        Version version = refreshed();
        if (known != null && known.number() == version.number()) {
            return null;
        }
        version.body().retain();
        return version;
    }

    private Version refreshed() {
        Version version = current;
        long now = nanoTime.getAsLong();
        if (version == null || now - freshUntilNanos >= 0) {
            NodeList list = stats.list();
            if (version == null || version.number() != list.version()) {
                return build(list, version, now);
            }
        }
        return version;
    }

    private Version build(NodeList list, @Nullable Version old, long startNanos) {
        int length = stats.length(list);
        ByteBuf body = UnpooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        stats.write(list, body::writeBytes);
        if (old != null) {
            old.body().release();
        }
        Version built = new Version(list.version(), body.asReadOnly());
        current = built;
        long now = nanoTime.getAsLong();
        long quiet = length < LARGE_BYTES ? 0 : Math.min(10 * (now - startNanos), MAX_AGE_MILLIS * 1_000_000);
        freshUntilNanos = now + quiet;
        return built;
    }

    /** Lets go of the body. */
    synchronized void close() {
        if (current != null) {
            current.body().release();
            current = null;
        }
    }
}
