// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tacho.aggregator.metrics.HttpMetrics;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes new connections above the limit. */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

    private static final Logger logger = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int limit;
    private final HttpMetrics metrics;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int limit, HttpMetrics metrics) {
        this.metrics = metrics;
        this.limit = limit;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        int now = open.incrementAndGet();
        context.channel().closeFuture().addListener(closed -> open.decrementAndGet());
        if (now > limit) {
            logger.debug("connection rejected: {} are open (expected: <= {})", now - 1, limit);
            context.close();
            return;
        }
        metrics.opened();
        context.channel().closeFuture().addListener(closed -> metrics.closed());
        context.fireChannelActive();
    }
}
