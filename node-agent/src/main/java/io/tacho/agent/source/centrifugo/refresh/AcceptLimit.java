// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Limits the connections of a server. Further ones are not rejected: they wait until others are closed.
 *
 * <p>Thread safety: confined to the event loop of the server and all its connections.
 */
final class AcceptLimit extends ChannelInboundHandlerAdapter {

    private final int limit;
    private int open;

    AcceptLimit(int limit) {
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        open++;
        context.channel().config().setAutoRead(open < limit);
        ((Channel) accepted)
                .closeFuture()
                .addListener(closed -> context.executor().execute(() -> {
                    open--;
                    context.channel().config().setAutoRead(open < limit);
                }));
        context.fireChannelRead(accepted);
    }
}
