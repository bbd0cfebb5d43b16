// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.internal.PlatformDependent;
import io.tacho.aggregator.api.StatsResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body in memory that is also a file, though one without a name: the kernel sends a file without copying it, and head and
 * body at once where the head stands before the body. Whoever wants bytes finds the same memory mapped; it exists once.
 *
 * <p>Thread safety: that of a buffer which nobody writes to; {@link #answer} is safe.
 */
public final class FileBody extends UnpooledDirectByteBuf {

    private static final Logger logger = LoggerFactory.getLogger(FileBody.class);

    /** What a head may need. */
    private static final int HEAD_ROOM = 1_024;

    private static final int STEP_BYTES = 128 * 1024;

    private static final long NO_HEAD = Long.MIN_VALUE;

    private final FileChannel file;
    private final MappedByteBuffer mapped;
    private final ETag tag;
    private int headLength;
    private volatile long headSecond = NO_HEAD;

    private FileBody(FileChannel file, MappedByteBuffer mapped, ETag tag) {
        super(UnpooledByteBufAllocator.DEFAULT, mapped, mapped.capacity());
        this.file = file;
        this.mapped = mapped;
        this.tag = tag;
        setIndex(HEAD_ROOM, mapped.capacity());
    }

    /**
     * A body in memory that is a file.
     *
     * @param directory in a file system of memory
     * @return null if there is no such directory, or no room in it
     */
    public static @Nullable FileBody of(StatsResponse.Pieces pieces, Path directory) {
        // only what is unsafe can let go at once of what is mapped
        if (!PlatformDependent.hasUnsafe() || !Files.isDirectory(directory)) {
            return null;
        }
        FileChannel file = null;
        FileBody body = null;
        try {
            file = FileChannel.open(
                    directory.resolve("tacho-" + UUID.randomUUID()),
                    EnumSet.of(CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE),
                    PosixFilePermissions.asFileAttribute(Set.of()));
            ETag tag = new Writer(file).write(pieces);
            body = new FileBody(file, file.map(MapMode.READ_WRITE, 0, file.size()), tag);
        } catch (IOException e) {
            logger.info(
                    "{}: no room for an answer as a file, which goes out from plain memory: {}",
                    directory,
                    e.toString());
        } finally {
            if (body == null) {
                close(file);
            }
        }
        return body;
    }

    /** Writes a body, with room before it. */
    private static final class Writer {

        private final FileChannel file;
        private final ByteBuf step = UnpooledByteBufAllocator.DEFAULT.directBuffer(STEP_BYTES, STEP_BYTES);
        private final ETag.Sum sum = new ETag.Sum();

        Writer(FileChannel file) {
            this.file = file;
        }

        ETag write(StatsResponse.Pieces pieces) throws IOException {
            try {
                file.position(HEAD_ROOM);
                pieces.write(this::append);
                flush();
                return sum.tag();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } finally {
                step.release();
            }
        }

        private void append(byte[] piece) {
            int at = 0;
            while (at < piece.length) {
                if (!step.isWritable()) {
                    flush();
                }
                int length = Math.min(step.writableBytes(), piece.length - at);
                step.writeBytes(piece, at, length);
                at += length;
            }
        }

        private void flush() {
            sum.add(step);
            try {
                while (step.isReadable()) {
                    step.readBytes(file, step.readableBytes());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            step.clear();
        }
    }

    /** Of the bytes; found while they were written. */
    public ETag tag() {
        return tag;
    }

    /**
     * The whole answer, to be sent once, with a reference to this body. The first head that is asked with is the one that
     * stands in the file from then on: what is being sent must not change.
     *
     * @param head the head with the Date of that second
     * @return null if the file has the head of another second, or has no room for one so long
     */
    @Nullable
    public FileRegion answer(ByteBuf head, long second) {
        if (headSecond == NO_HEAD) {
            put(head, second);
        }
        if (headSecond != second) {
            return null;
        }
        return new Sending(this, HEAD_ROOM - headLength, headLength + readableBytes());
    }

    private synchronized void put(ByteBuf head, long second) {
        if (headSecond != NO_HEAD || head.readableBytes() > HEAD_ROOM) {
            return;
        }
        headLength = head.readableBytes();
        setBytes(HEAD_ROOM - headLength, head, head.readerIndex(), headLength);
        headSecond = second;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        unmap(mapped);
        close(file);
    }

    /** Of the cleaners that Netty has, this is the one for memory that it did not allocate. */
    @SuppressWarnings("deprecation")
    private static void unmap(MappedByteBuffer memory) {
        PlatformDependent.freeDirectBuffer(memory);
    }

    private static void close(@Nullable FileChannel file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                logger.debug("a body's file cannot be closed", e);
            }
        }
    }

    /** One sending of it. */
    private static final class Sending extends DefaultFileRegion {

        private final FileBody body;

        Sending(FileBody body, long position, long count) {
            super(body.file, position, count);
            this.body = body;
            body.retain();
        }

        /** The file is the body's to close. */
        @Override
        protected void deallocate() {
            body.release();
        }
    }
}
