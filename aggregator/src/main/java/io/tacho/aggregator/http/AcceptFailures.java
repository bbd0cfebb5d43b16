// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that connections cannot be accepted, usually because the process has too many open files. The last handler of the channel that
 * listens: Netty itself waits for a second after each failure.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger logger = LoggerFactory.getLogger(AcceptFailures.class);

    private final RateLimitedLog log = new RateLimitedLog(System::nanoTime);

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (log.isDue("accept")) {
            logger.warn("connections are not accepted: {}", Failures.message(cause));
        }
    }
}
