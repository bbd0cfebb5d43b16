// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: requests in, answers out, in order; reads no further request while its answers are not taken. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger logger = LoggerFactory.getLogger(HttpHandler.class);

    private final HttpRouter router;
    private final HttpDate date;

    HttpHandler(HttpRouter router, HttpDate date) {
        this.router = router;
        this.date = date;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        HttpAnswer answer = request.decoderResult().isFailure() ? refuse(request.decoderResult()) : route(request);
        write(context, request, answer);
    }

    private HttpAnswer route(FullHttpRequest request) {
        try {
            return router.answer(request);
        } catch (RuntimeException e) {
            logger.error("{} failed", request.method(), e);
            return HttpAnswer.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error; the log tells more")
                    .closing();
        }
    }

    private static HttpAnswer refuse(DecoderResult result) {
        Throwable cause = result.cause();
        if (cause instanceof TooLongHttpLineException) {
            return HttpAnswer.error(
                            HttpResponseStatus.REQUEST_URI_TOO_LONG,
                            "request line too long (expected: at most " + HttpServer.MAX_LINE_BYTES + " bytes)")
                    .closing();
        }
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            return HttpAnswer.error(
                            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                            "headers too large (expected: at most " + HttpServer.MAX_HEADER_BYTES + " bytes)")
                    .closing();
        }
        return HttpAnswer.error(HttpResponseStatus.BAD_REQUEST, "malformed request (expected: HTTP/1.1)")
                .closing();
    }

    private void write(ChannelHandlerContext context, FullHttpRequest request, HttpAnswer answer) {
        boolean keepAlive = HttpUtil.isKeepAlive(request) && !answer.close();
        // what could not be read is no HTTP/1.0 request, though the decoder calls it one
        boolean http10 =
                request.decoderResult().isSuccess() && request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        FullHttpResponse response = new DefaultFullHttpResponse(
                http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
                answer.status(),
                Unpooled.wrappedBuffer(answer.body()));
        for (Map.Entry<String, String> header : answer.headers()) {
            response.headers().add(header.getKey(), header.getValue());
        }
        response.headers().set("Date", date.now());
        response.headers().set("Content-Length", answer.body().length);
        if (keepAlive && http10) {
            response.headers().set("Connection", "keep-alive");
        } else if (!keepAlive && !http10) {
            response.headers().set("Connection", "close");
        }
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            logger.debug("connection closed", cause);
        }
        context.close();
    }
}
