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
    private final AnswerWriter writer;
    private final Deadlines deadlines;
    private final Deadline deadline;
    private final RequestDecoder decoder;
    private final boolean encrypted;

    private @Nullable ByteBuf received;
    private @Nullable Request lastRequest;
    private Router.@Nullable Routed lastRouted;
    private @Nullable OpenStream stream;

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
            AnswerWriter writer,
            Patience patience,
            Deadlines deadlines) {
        this.channel = channel;
        this.router = router;
        this.cors = cors;
        this.writer = writer;
        this.deadlines = deadlines;
        deadline = new Deadline(patience);
        decoder = new RequestDecoder(channel.remoteAddress().getAddress());
        encrypted = channel.pipeline().get(SslHandler.class) != null;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline.waitFor(Deadline.Event.REQUEST);
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

    private Deadline.Event awaited() {
        if (stream != null) {
            return Deadline.Event.NOTHING;
        }
        if (working) {
            return Deadline.Event.ANSWER;
        }
        if (finished || !channel.isWritable()) {
            return Deadline.Event.ANSWER_TAKEN;
        }
        if (decoder.isInBody()) {
            return Deadline.Event.END_OF_BODY;
        }
        return received == null ? Deadline.Event.REQUEST : Deadline.Event.END_OF_HEAD;
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
        } catch (RefusedException e) {
            refuse(e);
            return null;
        }
    }

    private void answer(Request request) {
        deadline.restart();
        Answer answer = cors.allow(request, whatTo(request));
        if (answer instanceof SharedAnswer shared) {
            writer.write(channel, request, shared, !encrypted);
            answered(request.keepAlive());
        } else if (answer instanceof WholeAnswer whole) {
            write(request, whole);
        } else if (answer instanceof LaterAnswer later) {
            working = true;
            later.answer()
                    .whenComplete((whole, failed) -> channel.eventLoop()
                            .execute(() -> worked(request, failed == null ? whole : failed(request, failed))));
        } else if (answer instanceof StreamAnswer streamed) {
            open(request, streamed);
        }
    }

    private Answer whatTo(Request request) {
        try {
            return cors.isPreflight(request)
                    ? cors.preflight(request)
                    : routed(request).answer();
        } catch (RefusedException e) {
            return WholeAnswer.error(e);
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

    private static WholeAnswer failed(Request request, Throwable failed) {
        Throwable cause = Failures.unwrap(failed);
        if (cause instanceof RefusedException refused) {
            return WholeAnswer.error(refused);
        }
        logger.error("{} {} failed", request.method(), request.path(), cause);
        return failure();
    }

    private static WholeAnswer failure() {
        return WholeAnswer.error(Status.INTERNAL_SERVER_ERROR, "internal error; the log tells more")
                .closing();
    }

    private void worked(Request request, WholeAnswer answer) {
        working = false;
        if (!channel.isActive() || finished) {
            answer.body().release();
            return;
        }
        write(request, answer);
        proceed();
        channel.flush();
    }

    private void write(Request request, WholeAnswer answer) {
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

    private void open(Request request, StreamAnswer answer) {
        writer.write(channel, request, answer);
        channel.flush();
        OpenStream opened = new OpenStream(channel, answer.listener());
        stream = opened;
        opened.opened();
    }

    // ---- the end

    /** Answers what is no request; where a next one would begin cannot be known. */
    private void refuse(RefusedException refused) {
        writer.write(channel, Request.none(), WholeAnswer.error(refused), false);
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
                deadline.waitFor(Deadline.Event.END);
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
            case END_OF_HEAD -> refuse(new RefusedException(Status.REQUEST_TIMEOUT, "headers came too slowly"));
            case END_OF_BODY -> refuse(new RefusedException(Status.REQUEST_TIMEOUT, "body came too slowly"));
            default -> channel.close();
        }
        deadline.waitFor(Deadline.Event.ANSWER_TAKEN);
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
