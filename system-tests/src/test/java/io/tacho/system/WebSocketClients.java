// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that stay connected to one URL, and connect again when they are disconnected.
 *
 * <p>Thread safety: everything happens on one event loop.
 */
final class WebSocketClients implements AutoCloseable {

    private static final int RETRY_MILLIS = 200;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("test-clients", true), NioIoHandler.newFactory());
    private final Random random = new Random(22);
    private final URI url;
    private final List<Client> clients;

    WebSocketClients(URI url, int count) {
        this.url = url;
        clients = IntStream.range(0, count).mapToObj(Client::new).toList();
    }

    /** Connects all clients, at that rate. */
    void connect(int perSecond) {
        for (int i = 0; i < clients.size(); i++) {
            loop.schedule(clients.get(i)::connect, i * 1_000L / perSecond, TimeUnit.MILLISECONDS);
        }
    }

    /** Makes random clients connect again from now on, at that rate. */
    void reconnect(int perSecond) {
        loop.scheduleAtFixedRate(
                () -> clients.get(random.nextInt(clients.size())).disconnect(),
                0,
                1_000_000 / perSecond,
                TimeUnit.MICROSECONDS);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private final class Client extends SimpleChannelInboundHandler<WebSocketFrame> {

        private final int number;
        private Channel channel;

        Client(int number) {
            this.number = number;
        }

        @Override
        public boolean isSharable() {
            // of one connection after the other
            return true;
        }

        void connect() {
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connection
                                    .pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(8_192),
                                            new WebSocketClientProtocolHandler(
                                                    WebSocketClientProtocolConfig.newBuilder()
                                                            .webSocketUri(url)
                                                            .build()),
                                            Client.this);
                        }
                    })
                    .connect(url.getHost(), url.getPort())
                    .addListener(done -> {
                        if (!done.isSuccess()) {
                            connectLater();
                        }
                    });
        }

        void disconnect() {
            if (channel != null) {
                channel.close();
            }
        }

        private void connectLater() {
            if (!loop.isShuttingDown()) {
                loop.schedule(this::connect, RETRY_MILLIS + random.nextInt(RETRY_MILLIS), TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                channel = context.channel();
                channel.writeAndFlush(new TextWebSocketFrame("{\"id\":1,\"connect\":{\"user\":\"u" + number + "\"}}"));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            // the reply to connect
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            channel = null;
            connectLater();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            context.close();
        }
    }
}
