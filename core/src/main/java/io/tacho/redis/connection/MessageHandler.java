// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tacho.codec.SnapshotCodec;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the messages of a subscription to their reader, before the Redis client would copy each of them three times. Everything
 * else that the server sends reaches the client unchanged, in order. What is not RESP ends the connection.
 * A message that is too large to be read is cut: of it, only the excess matters.
 *
 * <p>Thread safety: one handler per connection, confined to its event loop.
 */
final class MessageHandler extends ByteToMessageDecoder {

    private static final Logger logger = LoggerFactory.getLogger(MessageHandler.class);

    private static final byte[] MESSAGE = "3\r\n$7\r\nmessage\r\n".getBytes(US_ASCII);
    private static final byte[] SHARD_MESSAGE = "3\r\n$8\r\nsmessage\r\n".getBytes(US_ASCII);
    private static final int MAX_DEPTH = 8;
    private static final int INCOMPLETE = -1;
    private static final int NO_RESP = -2;

    private final EnvelopeReader reader;
    /** The number of the line that was parsed last, and the index after it. */
    private long number;

    private int lineEnd;

    MessageHandler(EnvelopeReader reader) {
        this.reader = reader;
    }

    /** Returns resources with which a client's subscriptions have such a handler. They share all threads with the given ones. */
    static ClientResources on(ClientResources resources, EnvelopeReader reader) {
        // set again, because they are not copied, or not as shared
        return resources
                .mutate()
                .eventLoopGroupProvider(resources.eventLoopGroupProvider())
                .eventExecutorGroup(resources.eventExecutorGroup())
                .timer(resources.timer())
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        ChannelHandlerContext client = channel.pipeline().context(PubSubCommandHandler.class);
                        if (client != null) {
                            channel.pipeline().addBefore(client.name(), null, new MessageHandler(reader));
                        }
                    }
                })
                .build();
    }

    @Override
    protected void decode(ChannelHandlerContext client, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        int end = endOfValue(in, start, 0);
        if (end == NO_RESP) {
            // the link connects again
            in.skipBytes(in.readableBytes());
            client.close();
        } else if (end != INCOMPLETE) {
            int channel = afterType(in, start);
            if (channel < 0) {
                out.add(in.readRetainedSlice(end - start));
            } else {
                byte[] message = text(in, endOfValue(in, channel, 0));
                in.readerIndex(end);
                read(message);
            }
        }
    }

    /** Returns the index of the message's channel; negative if it is not a message. */
    private static int afterType(ByteBuf in, int start) {
        byte first = in.getByte(start);
        if (first != '>' && first != '*') {
            return -1;
        }
        int type = start + 1;
        return startsWith(in, type, MESSAGE)
                ? type + MESSAGE.length
                : startsWith(in, type, SHARD_MESSAGE) ? type + SHARD_MESSAGE.length : -1;
    }

    private static boolean startsWith(ByteBuf in, int index, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (index + i >= in.writerIndex() || in.getByte(index + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] text(ByteBuf in, int start) {
        parseLine(in, start);
        byte[] text = new byte[(int) Math.max(0, Math.min(number, SnapshotCodec.MAX_BYTES + 1))];
        in.getBytes(lineEnd, text);
        return text;
    }

    private void read(byte[] message) {
        try {
            reader.read(message);
        } catch (RuntimeException e) {
            logger.error("message not handled", e);
        }
    }

    /** Returns the index after a RESP value, {@link #INCOMPLETE} or {@link #NO_RESP}. */
    private int endOfValue(ByteBuf in, int start, int depth) {
        if (depth > MAX_DEPTH) {
            return NO_RESP;
        }
        if (start >= in.writerIndex()) {
            return INCOMPLETE;
        }
        switch (in.getByte(start)) {
            case '+', '-', ':', '_', ',', '#', '(' -> {
                int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
                return end < 0 ? INCOMPLETE : end + 1;
            }
            case '$', '=', '!' -> {
                int line = parseLine(in, start);
                long end = number < 0 ? lineEnd : lineEnd + number + 2;
                return line < 0 ? line : end <= in.writerIndex() ? (int) end : INCOMPLETE;
            }
            case '*', '~', '>' -> {
                return endOfValues(in, start, 1, depth);
            }
            case '%' -> {
                return endOfValues(in, start, 2, depth);
            }
            default -> {
                return NO_RESP;
            }
        }
    }

    private int endOfValues(ByteBuf in, int start, int valuesOfEach, int depth) {
        int end = parseLine(in, start);
        for (long left = number * valuesOfEach; left > 0 && end >= 0; left--) {
            end = endOfValue(in, end, depth + 1);
        }
        return end;
    }

    /** Parses a line such as {@code $700}; returns the index after it, {@link #INCOMPLETE} or {@link #NO_RESP}. */
    private int parseLine(ByteBuf in, int start) {
        number = 0;
        for (int i = start + 1; i < in.writerIndex(); i++) {
            byte next = in.getByte(i);
            if (next >= '0' && next <= '9' && number >= 0 && number <= Integer.MAX_VALUE) {
                number = 10 * number + next - '0';
            } else if (next == '-' && i == start + 1) {
                number = -1;
            } else if (next == '\n') {
                lineEnd = i + 1;
                return lineEnd;
            } else if (next != '\r' && number >= 0) {
                return NO_RESP;
            }
        }
        return INCOMPLETE;
    }
}
