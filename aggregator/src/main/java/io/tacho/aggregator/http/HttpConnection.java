// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestDecoder;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.ResponseWriter;
import io.tacho.aggregator.http.message.Status;
import io.tacho.aggregator.http.message.StreamingResponse;
import io.tacho.aggregator.http.routing.Cors;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.concurrent.Failures;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: requests in, answers out, in order. A request is looked at only when the answers before it are taken, and
 * nothing more is received while one is waiting.
 *
 * <p>Thread safety: its event loop's.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger logger = LoggerFactory.getLogger(HttpConnection.class);

    private final SocketChannel channel;
    private final Router router;
    private final Cors cors;
    private final ResponseWriter writer;
    private final TimeoutSweep deadlines;
    private final ConnectionTimer deadline;
    private final RequestDecoder decoder;
    private final boolean encrypted;

    private @Nullable ByteBuf received;
    private @Nullable Request lastRequest;
    private Router.@Nullable Routed lastRouted;
    private @Nullable ChannelStream stream;

    /** An answer is being worked on elsewhere. */
    private boolean working;
    /** No further request will be answered. */
    private boolean finished;
    /** The client will send no more. */
    private boolean inputEnded;

    HttpConnection(
            SocketChannel channel,
            Router router,
            Cors cors,
            ResponseWriter writer,
            Timeouts patience,
            TimeoutSweep deadlines) {
        this.channel = channel;
        this.router = router;
        this.cors = cors;
        this.writer = writer;
        this.deadlines = deadlines;
        deadline = new ConnectionTimer(patience);
        decoder = new RequestDecoder(channel.remoteAddress().getAddress());
        encrypted = channel.pipeline().get(SslHandler.class) != null;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline.waitFor(ConnectionTimer.Event.REQUEST);
        deadlines.add(this);
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

    // ---- requests

    /** Answers what can be answered now. */
    private void proceed() {
        while (isFree()) {
            Request request = next();
            if (request == null) {
                break;
            }
            answer(request);
        }
        if (received != null && (finished || !received.isReadable())) {
            received.release();
            received = null;
        }
        // what cannot be looked at yet is not to become more
        boolean receive = received == null || isFree();
        if (channel.config().isAutoRead() != receive) {
            channel.config().setAutoRead(receive);
        }
        if (inputEnded && isFree()) {
            finish(false);
        }
        deadline.waitFor(awaited());
    }

    /** Whether a further request can be answered: those before it are, and the client takes what it gets. */
    private boolean isFree() {
        if (working || finished || stream != null) {
            return false;
        }
        if (!channel.isWritable()) {
            channel.flush();
        }
        return channel.isWritable();
    }

    private ConnectionTimer.Event awaited() {
        if (stream != null) {
            return ConnectionTimer.Event.NOTHING;
        }
        if (working) {
            return ConnectionTimer.Event.ANSWER;
        }
        if (finished || !channel.isWritable()) {
            return ConnectionTimer.Event.ANSWER_TAKEN;
        }
        if (decoder.isInBody()) {
            return ConnectionTimer.Event.END_OF_BODY;
        }
        return received == null ? ConnectionTimer.Event.REQUEST : ConnectionTimer.Event.END_OF_HEAD;
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
            refuse(e);
            return null;
        }
    }

    private void answer(Request request) {
        deadline.restart();
        Response answer = cors.allow(request, whatTo(request));
        if (answer instanceof CachedResponse shared) {
            writer.write(channel, request, shared);
            answered(request.keepAlive());
        } else if (answer instanceof FullResponse whole) {
            write(request, whole);
        } else if (answer instanceof AsyncResponse later) {
            working = true;
            later.answer()
                    .whenComplete((whole, failed) -> channel.eventLoop()
                            .execute(() -> worked(request, failed == null ? whole : failed(request, failed))));
        } else if (answer instanceof StreamingResponse streamed) {
            open(request, streamed);
        }
    }

    private Response whatTo(Request request) {
        try {
            return cors.isPreflight(request)
                    ? cors.preflight(request)
                    : routed(request).respond();
        } catch (RequestRejectedException e) {
            return FullResponse.error(e);
        } catch (RuntimeException e) {
            logger.error("{} {} failed", request.method(), request.path(), e);
            return failure();
        }
    }

    /** The same request as before is the same object. */
    @SuppressWarnings("ReferenceEquality")
    private Router.Routed routed(Request request) {
        Router.Routed routed = lastRouted;
        if (routed == null || lastRequest != request) {
            routed = router.route(request);
            lastRouted = routed;
            lastRequest = request;
        }
        return routed;
    }

    private static FullResponse failed(Request request, Throwable failed) {
        Throwable cause = Failures.unwrap(failed);
        if (cause instanceof RequestRejectedException refused) {
            return FullResponse.error(refused);
        }
        logger.error("{} {} failed", request.method(), request.path(), cause);
        return failure();
    }

    private static FullResponse failure() {
        return FullResponse.error(Status.INTERNAL_SERVER_ERROR, "internal error; the log tells more")
                .closing();
    }

    private void worked(Request request, FullResponse answer) {
        working = false;
        if (!channel.isActive() || finished) {
            answer.body().release();
            return;
        }
        write(request, answer);
        proceed();
        channel.flush();
    }

    private void write(Request request, FullResponse answer) {
        // to HTTP/1.0 only the end of the connection can tell the end of a body that is not counted
        boolean keepAlive = request.keepAlive() && !answer.close() && (answer.counted() || !request.http10());
        writer.write(channel, request, answer, keepAlive);
        answered(keepAlive);
    }

    private void answered(boolean keepAlive) {
        if (!keepAlive) {
            finish(false);
        }
    }

    private void open(Request request, StreamingResponse answer) {
        writer.write(channel, request, answer);
        channel.flush();
        ChannelStream opened = new ChannelStream(channel, answer.listener());
        stream = opened;
        opened.opened();
    }

    // ---- the end

    /** Answers what is no request; where a next one would begin cannot be known. */
    private void refuse(RequestRejectedException refused) {
        writer.write(channel, Request.none(), FullResponse.error(refused), false);
        finish(true);
    }

    /**
     * Closes the connection once everything is sent.
     *
     * @param linger whether the client may still be sending: closed at once, it would not come to read the answer
     */
    private void finish(boolean linger) {
        finished = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (linger && sent.isSuccess() && !inputEnded && !encrypted) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
                deadline.waitFor(ConnectionTimer.Event.END);
            } else {
                channel.close();
            }
        });
    }

    boolean isLate(long nowNanos, boolean hurry) {
        return deadline.isOver(nowNanos, hurry);
    }

    /** Ends what has taken too long. */
    void expire() {
        switch (deadline.event()) {
            case END_OF_HEAD -> refuse(new RequestRejectedException(Status.REQUEST_TIMEOUT, "headers came too slowly"));
            case END_OF_BODY -> refuse(new RequestRejectedException(Status.REQUEST_TIMEOUT, "body came too slowly"));
            default -> channel.close();
        }
        deadline.waitFor(ConnectionTimer.Event.ANSWER_TAKEN);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (stream != null || finished) {
                finishAtOnce();
            } else {
                proceed();
                channel.flush();
            }
        }
        context.fireUserEventTriggered(event);
    }

    /** Of a stream, or one that only lingers, there is nothing left to wait for. */
    private void finishAtOnce() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadlines.remove(this);
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
