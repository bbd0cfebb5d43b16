// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Http2Request;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.ResponseWriter;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/2 and its response, which are one stream of a connection. Bytes that are written to the stream's channel become
 * data frames.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class Http2Exchange extends ChannelDuplexHandler implements Timed {

    private final Channel channel;
    private final InetAddress remote;
    private final Dispatcher dispatcher;
    private final ResponseWriter writer;
    private final ConnectionTimer timer;
    private final TimeoutSweep sweep;

    private @Nullable Http2Request received;
    private @Nullable Stream stream;
    /** The client has sent the complete request. */
    private boolean inputEnded;
    /** The response is determined; the rest of the request is ignored. */
    private boolean responded;

    Http2Exchange(
            Channel channel,
            InetAddress remote,
            Dispatcher dispatcher,
            ResponseWriter writer,
            ConnectionTimer timer,
            TimeoutSweep sweep) {
        this.channel = channel;
        this.remote = remote;
        this.dispatcher = dispatcher;
        this.writer = writer;
        this.timer = timer;
        this.sweep = sweep;
        sweep.add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            if (frame instanceof Http2HeadersFrame headers) {
                inputEnded |= headers.isEndStream();
                if (received == null && !responded) {
                    received = Http2Request.parse(headers.headers(), remote);
                    timer.waitFor(ConnectionTimer.Event.END_OF_BODY);
                    if (received.takeContinue() && !inputEnded) {
                        channel.writeAndFlush(
                                new DefaultHttp2HeadersFrame(writer.http2Head(HttpResponseStatus.CONTINUE)));
                    }
                }
            } else if (frame instanceof Http2DataFrame data) {
                inputEnded |= data.isEndStream();
                if (received != null && !responded) {
                    received.add(ByteBufUtil.getBytes(data.content()));
                }
            }
            if (inputEnded && received != null && !responded) {
                respond(received.complete());
            }
        } catch (RequestRejectedException e) {
            write(Request.none(), FullResponse.error(e));
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void respond(Request request) {
        responded = true;
        Response response = dispatcher.respond(request);
        if (response instanceof CachedResponse cached) {
            write(request, cached.toFull());
        } else if (response instanceof FullResponse full) {
            write(request, full);
        } else if (response instanceof AsyncResponse async) {
            timer.waitFor(ConnectionTimer.Event.RESPONSE);
            async.response().thenAccept(full -> channel.eventLoop().execute(() -> completed(request, full)));
        } else if (response instanceof StreamingResponse streaming) {
            open(streaming);
        }
    }

    private void completed(Request request, FullResponse response) {
        if (channel.isActive()) {
            write(request, response);
        } else {
            response.body().release();
        }
    }

    private void write(Request request, FullResponse response) {
        responded = true;
        timer.waitFor(ConnectionTimer.Event.RESPONSE_TAKEN);
        boolean hasBody = response.body().isReadable() && !request.isHead();
        var head = new DefaultHttp2HeadersFrame(writer.http2Head(response), !hasBody);
        ChannelPromise written = channel.newPromise();
        if (hasBody) {
            channel.write(head);
            channel.writeAndFlush(new DefaultHttp2DataFrame(response.body(), true), written);
        } else {
            response.body().release();
            channel.writeAndFlush(head, written);
        }
        written.addListener(done -> {
            timer.waitFor(ConnectionTimer.Event.NONE);
            if (!inputEnded) {
                // the client need not send the rest of its request
                channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
            }
        });
    }

    private void open(StreamingResponse response) {
        timer.waitFor(ConnectionTimer.Event.NONE);
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(writer.http2Head(response)));
        Stream opened = new Stream(channel, response.listener());
        stream = opened;
        opened.opened();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stream != null) {
            stream.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        sweep.remove(this);
        responded = true;
        if (stream != null) {
            stream.closed();
        }
    }

    @Override
    public boolean isLate(long nowNanos, boolean memoryPressure) {
        return timer.isOver(nowNanos, memoryPressure);
    }

    @Override
    public void expire() {
        if (timer.event() == ConnectionTimer.Event.END_OF_BODY) {
            write(Request.none(), FullResponse.error(HttpResponseStatus.REQUEST_TIMEOUT, "body came too slowly"));
        } else {
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // an error of the stream; that of the connection is reported to Http2Connection
        context.close();
    }
}
