// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestDecoder;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.ResponseWriter;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, which responds to requests in order. A request is decoded only after the client has taken the responses
 * before it, and the connection reads no more bytes while a request is pending.
 *
 * <p>Thread safety: confined to its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Timed {

    private static final Logger logger = LoggerFactory.getLogger(HttpConnection.class);

    private final SocketChannel channel;
    private final Dispatcher dispatcher;
    private final ResponseWriter writer;
    private final TimeoutSweep sweep;
    private final ConnectionTimer timer;
    private final RequestDecoder decoder;
    private final boolean encrypted;

    private @Nullable ByteBuf received;
    private @Nullable Stream stream;

    /** An asynchronous response is pending. */
    private boolean pending;
    /** The connection closes after the bytes written so far. */
    private boolean finished;
    /** The client has closed its side. */
    private boolean inputEnded;

    HttpConnection(
            SocketChannel channel,
            Dispatcher dispatcher,
            ResponseWriter writer,
            Timeouts timeouts,
            TimeoutSweep sweep) {
        this.channel = channel;
        this.dispatcher = dispatcher;
        this.writer = writer;
        this.sweep = sweep;
        timer = new ConnectionTimer(timeouts);
        decoder = new RequestDecoder(channel.remoteAddress().getAddress());
        encrypted = channel.pipeline().get(SslHandler.class) != null;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timer.waitFor(ConnectionTimer.Event.REQUEST);
        sweep.add(this);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (finished || stream != null) {
            in.release();
            return;
        }
        received = received == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), received, in);
        proceed();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        channel.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stream != null) {
            stream.writabilityChanged();
        } else if (channel.isWritable()) {
            proceed();
            channel.flush();
        }
    }

    /** Responds to the requests that are complete. */
    private void proceed() {
        while (isFree()) {
            Request request = next();
            if (request == null) {
                break;
            }
            respond(request);
        }
        if (received != null && (finished || !received.isReadable())) {
            received.release();
            received = null;
        }
        // bounds the bytes of pipelined requests
        boolean receive = received == null || isFree();
        if (channel.config().isAutoRead() != receive) {
            channel.config().setAutoRead(receive);
        }
        if (inputEnded && isFree()) {
            finish(false);
        }
        timer.waitFor(awaited());
    }

    /** Returns whether the next request may be decoded: no response is pending, and the client takes what it gets. */
    private boolean isFree() {
        if (pending || finished || stream != null) {
            return false;
        }
        if (!channel.isWritable()) {
            channel.flush();
        }
        return channel.isWritable();
    }

    private ConnectionTimer.Event awaited() {
        if (stream != null) {
            return ConnectionTimer.Event.NONE;
        }
        if (pending) {
            return ConnectionTimer.Event.RESPONSE;
        }
        if (finished || !channel.isWritable()) {
            return ConnectionTimer.Event.RESPONSE_TAKEN;
        }
        if (decoder.isInBody()) {
            return ConnectionTimer.Event.END_OF_BODY;
        }
        return received == null && !decoder.isInHead()
                ? ConnectionTimer.Event.REQUEST
                : ConnectionTimer.Event.END_OF_HEAD;
    }

    private @Nullable Request next() {
        if (received == null) {
            return null;
        }
        try {
            Request request = decoder.next(received);
            if (decoder.takeContinue()) {
                writer.writeContinue(channel);
            }
            return request;
        } catch (RequestRejectedException e) {
            reject(e);
            return null;
        }
    }

    private void respond(Request request) {
        timer.restart();
        Response response = dispatcher.respond(request);
        if (response instanceof CachedResponse cached) {
            writer.write(channel, request, cached);
            closeUnless(request.keepAlive());
        } else if (response instanceof FullResponse full) {
            write(request, full);
        } else if (response instanceof AsyncResponse async) {
            pending = true;
            async.response().thenAccept(full -> channel.eventLoop().execute(() -> completed(request, full)));
        } else if (response instanceof StreamingResponse streaming) {
            open(request, streaming);
        }
    }

    private void completed(Request request, FullResponse response) {
        pending = false;
        if (!channel.isActive() || finished) {
            response.body().release();
            return;
        }
        write(request, response);
        proceed();
        channel.flush();
    }

    private void write(Request request, FullResponse response) {
        // for HTTP/1.0, only the end of the connection ends a body without Content-Length
        boolean keepAlive = request.keepAlive() && !response.close() && (response.counted() || !request.http10());
        writer.write(channel, request, response, keepAlive);
        closeUnless(keepAlive);
    }

    private void closeUnless(boolean keepAlive) {
        if (!keepAlive) {
            finish(false);
        }
    }

    private void open(Request request, StreamingResponse response) {
        writer.write(channel, request, response);
        channel.flush();
        Stream opened = new Stream(channel, response.listener());
        stream = opened;
        opened.opened();
    }

    /** Responds to a malformed request and closes the connection, because the start of the next request is unknown. */
    private void reject(RequestRejectedException rejected) {
        writer.write(channel, Request.none(), FullResponse.error(rejected), false);
        finish(true);
    }

    /**
     * Closes the connection once everything is sent.
     *
     * @param halfClose whether the client may still be sending: after an immediate close it could not read the response
     */
    private void finish(boolean halfClose) {
        finished = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (halfClose && sent.isSuccess() && !inputEnded && !encrypted) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                timer.waitFor(ConnectionTimer.Event.END);
            } else {
                channel.close();
            }
        });
    }

    @Override
    public boolean isLate(long nowNanos, boolean memoryPressure) {
        return timer.isOver(nowNanos, memoryPressure);
    }

    @Override
    public void expire() {
        switch (timer.event()) {
            case END_OF_HEAD ->
                reject(new RequestRejectedException(HttpResponseStatus.REQUEST_TIMEOUT, "headers came too slowly"));
            case END_OF_BODY ->
                reject(new RequestRejectedException(HttpResponseStatus.REQUEST_TIMEOUT, "body came too slowly"));
            default -> channel.close();
        }
        timer.waitFor(ConnectionTimer.Event.RESPONSE_TAKEN);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (stream != null || finished) {
                finish(false);
            } else {
                proceed();
                channel.flush();
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        sweep.remove(this);
        finished = true;
        if (received != null) {
            received.release();
            received = null;
        }
        if (stream != null) {
            stream.closed();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            logger.debug("connection closed", cause);
        }
        context.close();
    }
}
