// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.http.message.FileBody;
import io.tacho.aggregator.view.NodeList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that exists once for everybody, outside the heap, where the kernel reads it: put together from the nodes' own bytes
 * when it is asked for and the view has changed. A large one counts as new for ten times as long as it took to make, at the
 * most {@value #MAX_QUIET_MILLIS} ms; for {@value #BESIDE_MILLIS} ms more it is still given while the next is made beside the
 * answers, so that who asks all the time never waits; after that, whoever asks makes the next.
 *
 * <p>Thread safety: safe.
 */
public final class CachedBody {

    private static final Logger logger = LoggerFactory.getLogger(CachedBody.class);

    /** Cheaper ones are always of the moment. */
    private static final int LARGE_BYTES = 64 * 1024;

    private static final long MAX_QUIET_MILLIS = 20;

    private static final long BESIDE_MILLIS = 10;

    /**
     * One version of the body. Equal tags are equal bytes.
     *
     * @param number the view's
     * @param body whose reference is the holder's
     */
    public record Version(long number, ByteBuf body, ETag tag) {}

    private final StatsResponse stats;
    private final @Nullable StatsQuery query;
    private final RetainedBodyBudget lingering;
    private final @Nullable BodyFiles files;
    private final Executor beside;
    private final LongSupplier nanoTime;
    private final Lock making = new ReentrantLock();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile @Nullable Version current;
    private volatile long freshUntilNanos;
    private boolean closed;

    /**
     * A body that is yet to be made: of everything, or of what a query asks for.
     *
     * @param files makes what pays of it a file; null if its answers are not sent as such
     * @param beside makes large ones while the last is given
     */
    CachedBody(
            StatsResponse stats,
            @Nullable StatsQuery query,
            RetainedBodyBudget lingering,
            @Nullable BodyFiles files,
            Executor beside,
            LongSupplier nanoTime) {
        this.stats = stats;
        this.query = query;
        this.lingering = lingering;
        this.files = files;
        this.beside = beside;
        this.nanoTime = nanoTime;
    }

    /** The version to answer with, with a reference to its body. */
    public Version acquire() {
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
    public Version acquireIfNewer(@Nullable Version known) {
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

    /** Makes a new version, or has it made, where that is due. While a large one is made the last is given. */
    private void refresh() {
        Version last = current;
        if (last != null && isGood(last)) {
            return;
        }
        if (last == null || last.body().capacity() < LARGE_BYTES) {
            making.lock();
            makeAndUnlock();
        } else if (nanoTime.getAsLong() - freshUntilNanos < BESIDE_MILLIS * 1_000_000) {
            makeBeside();
        } else if (making.tryLock()) {
            makeAndUnlock();
        }
    }

    private void makeBeside() {
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        try {
            beside.execute(this::makeUnasked);
        } catch (RejectedExecutionException e) {
            // closing: the last one will do
            asked.set(false);
        }
    }

    private void makeUnasked() {
        asked.set(false);
        if (making.tryLock()) {
            try {
                makeAndUnlock();
            } catch (RuntimeException | OutOfMemoryError e) {
                // whoever asks when the last one is too old finds out what is wrong
                logger.debug("no new version", e);
            }
        }
    }

    private void makeAndUnlock() {
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
        Version made = version(list.version(), pieces);
        long now = nanoTime.getAsLong();
        long quiet = length < LARGE_BYTES ? 0 : Math.min(10 * (now - start), MAX_QUIET_MILLIS * 1_000_000);
        synchronized (this) {
            release();
            if (closed) {
                made.body().release();
                return;
            }
            current = made;
            freshUntilNanos = now + quiet;
        }
    }

    private Version version(long number, StatsResponse.Pieces pieces) {
        FileBody file = files == null ? null : files.of(pieces);
        if (file != null) {
            return new Version(number, file, file.tag());
        }
        int length = pieces.length();
        ByteBuf body = UnpooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        pieces.write(body::writeBytes);
        return new Version(number, body, ETag.of(body));
    }

    /** Lets go of the body; there will be no other. */
    synchronized void close() {
        closed = true;
        release();
    }

    private synchronized void release() {
        if (current != null) {
            lingering.release(current.body());
            current = null;
        }
    }
}
