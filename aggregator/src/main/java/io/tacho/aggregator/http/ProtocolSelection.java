// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Continues with HTTP/2 or HTTP/1.1 after the TLS handshake, as its ALPN extension selects; without the extension with HTTP/1.1. */
final class ProtocolSelection extends ApplicationProtocolNegotiationHandler {

    private static final Logger logger = LoggerFactory.getLogger(ProtocolSelection.class);

    private final Runnable startHttp1;
    private final Runnable startHttp2;

    ProtocolSelection(Runnable startHttp1, Runnable startHttp2) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.startHttp1 = startHttp1;
        this.startHttp2 = startHttp2;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
        (protocol.equals(ApplicationProtocolNames.HTTP_2) ? startHttp2 : startHttp1).run();
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
        exceptionCaught(context, cause);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        logger.debug("connection closed during the handshake", cause);
        context.close();
    }
}
