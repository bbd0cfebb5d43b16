// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.tacho.concurrent.RateLimitedLog;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of one connection: how many there are, how long a request takes from its first byte to its response, and that a
 * client reads its responses before it sends more.
 *
 * <p>Thread safety: confined to the connection's event loop; the number of connections is shared.
 */
final class ConnectionLimits extends ChannelDuplexHandler {

    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger logger = LoggerFactory.getLogger(ConnectionLimits.class);
    private static final RateLimitedLog LOG = new RateLimitedLog(System::nanoTime);

    private final AtomicInteger connections;
    private final int maxConnections;
    private boolean counted;
    private @Nullable Future<?> timeout;

    /**
     * Creates the limits of a connection.
     *
     * @param connections the number of open connections
     * @param maxConnections more are closed
     */
    ConnectionLimits(AtomicInteger connections, int maxConnections) {
        this.connections = connections;
        this.maxConnections = maxConnections;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (connections.incrementAndGet() > maxConnections) {
            connections.decrementAndGet();
            if (LOG.isDue("connections")) {
                logger.warn("more than {} connections of clients that push; new ones are closed", maxConnections);
            }
            context.close();
            return;
        }
        counted = true;
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (counted) {
            counted = false;
            connections.decrementAndGet();
        }
        cancelTimeout();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (timeout == null) {
            timeout = context.executor()
                    .schedule(() -> context.close(), REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(bytes);
    }

    @Override
    public void write(ChannelHandlerContext context, Object response, ChannelPromise promise) {
        cancelTimeout();
        context.write(response, promise);
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }
}
