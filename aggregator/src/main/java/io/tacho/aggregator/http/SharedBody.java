// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.view.NodeList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A body that exists once for everybody, outside the heap, where the kernel reads it: put together from the nodes' own bytes
 * when it is asked for and the view has changed. A large one is put together so seldom that this takes a tenth of one core
 * at the most, and is {@value #MAX_AGE_MILLIS} ms old at the most.
 *
 * <p>Thread safety: safe.
 */
final class SharedBody {

    /** Cheaper ones are always of the moment. */
    private static final int LARGE_BYTES = 64 * 1024;

    private static final long MAX_AGE_MILLIS = 25;

    /**
     * One version of the body. Equal tags are equal bytes.
     *
     * @param number the view's
     * @param body whose reference is the holder's
     */
    record Version(long number, ByteBuf body, ETag tag) {}

    private final StatsResponse stats;
    private final @Nullable StatsQuery query;
    private final Lingering lingering;
    private final LongSupplier nanoTime;
    private final Lock making = new ReentrantLock();
    private volatile @Nullable Version current;
    private volatile long freshUntilNanos;

    /** A body that is yet to be made: of everything, or of what a query asks for. */
    SharedBody(StatsResponse stats, @Nullable StatsQuery query, Lingering lingering, LongSupplier nanoTime) {
        this.stats = stats;
        this.query = query;
        this.lingering = lingering;
        this.nanoTime = nanoTime;
    }

    /** The version to answer with, with a reference to its body. */
    Version acquire() {
        refresh();
        synchronized (this) {
            Version version = current;
            if (version == null) {
                throw new IllegalStateException("closed");
            }
            version.body().retain();
            return version;
        }
    }

    /** The same; null if it is still the known one, which most queries find out without a lock. */
    @Nullable
    Version acquireIfNewer(@Nullable Version known) {
        if (known != null && isFresh(known)) {
            return null;
        }
        Version version = acquire();
        if (known != null && known.number() == version.number()) {
            version.body().release();
            return null;
        }
        return version;
    }

    private boolean isFresh(Version known) {
        Version version = current;
        return version != null && version.number() == known.number() && isGood(version);
    }

    private boolean isGood(Version version) {
        return version.number() == stats.version() || nanoTime.getAsLong() - freshUntilNanos < 0;
    }

    /** Makes a new version where that is due. While one thread makes a large one, the others answer with the last. */
    private void refresh() {
        Version last = current;
        if (last != null && isGood(last)) {
            return;
        }
        if (last == null || last.body().capacity() < LARGE_BYTES) {
            making.lock();
        } else if (!making.tryLock()) {
            return;
        }
        try {
            Version made = current;
            if (made == null || !isGood(made)) {
                make();
            }
        } finally {
            making.unlock();
        }
    }

    private void make() {
        long start = nanoTime.getAsLong();
        NodeList list = stats.list();
        StatsResponse.Pieces pieces = stats.pieces(list, query);
        int length = pieces.length();
        lingering.makeRoom(length);
        ByteBuf body = UnpooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        pieces.write(body::writeBytes);
        Version made = new Version(list.version(), body, ETag.of(body));
        long now = nanoTime.getAsLong();
        long quiet = length < LARGE_BYTES ? 0 : Math.min(10 * (now - start), MAX_AGE_MILLIS * 1_000_000);
        synchronized (this) {
            close();
            current = made;
            freshUntilNanos = now + quiet;
        }
    }

    /** Lets go of the body. */
    synchronized void close() {
        if (current != null) {
            lingering.release(current.body());
            current = null;
        }
    }
}
