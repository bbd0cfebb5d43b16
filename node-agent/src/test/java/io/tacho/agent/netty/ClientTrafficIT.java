// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.NodeTotals;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Netty server with a traffic handler in its pipeline, and real clients over sockets. */
class ClientTrafficIT {

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private int serve(Consumer<Channel> pipeline) {
        Channel listener = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline.accept(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Responds to each frame with its text twice. */
    private static final class EchoTwice extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            String text = ((TextWebSocketFrame) frame).text();
            context.writeAndFlush(new PongWebSocketFrame());
            context.writeAndFlush(new TextWebSocketFrame(text + text));
        }
    }

    /** A client that records received messages. */
    private static final class RecordingClient implements WebSocket.Listener {

        final Queue<String> received = new ConcurrentLinkedQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            received.add(data.toString());
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void afterWebSocketCodec_countsFramePayload() throws Exception {
        ClientTraffic traffic = ClientTraffic.bytesAndMessages(recorder);
        int port = serve(channel -> channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(65_536))
                .addLast(new WebSocketServerProtocolHandler("/ws"))
                .addLast(traffic)
                .addLast(new EchoTwice()));
        RecordingClient first = new RecordingClient();
        RecordingClient second = new RecordingClient();
        HttpClient http = HttpClient.newHttpClient();
        WebSocket one = connect(http, port, first);
        WebSocket two = connect(http, port, second);
        await().until(() -> traffic.numClients() == 2);

        one.sendText("größer ☃", true).get(10, TimeUnit.SECONDS);
        two.sendPing(ByteBuffer.wrap(new byte[99])).get(10, TimeUnit.SECONDS);
        two.sendText("x".repeat(5_000), true).get(10, TimeUnit.SECONDS);
        await().until(() -> first.received.size() == 1 && second.received.size() == 1);
        await().until(() -> recorder.totals().numMsgSent() == 2);

        RecordedInterval all = recorder.takeInterval();
        int payload = "größer ☃".getBytes(UTF_8).length + 5_000;
        assertThat(all.bytesClientIn()).isEqualTo(payload);
        assertThat(all.bytesClientOut()).isEqualTo(2 * payload);
        assertThat(all.numMsgQueued()).isEqualTo(2);
        assertThat(all.numMsgSent()).isEqualTo(2);

        one.abort();
        two.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        await().until(() -> traffic.numClients() == 0);
    }

    private static WebSocket connect(HttpClient http, int port, WebSocket.Listener listener) throws Exception {
        return http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), listener)
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void firstInPipeline_countsBytesOnTheWire() throws Exception {
        ClientTraffic traffic = ClientTraffic.bytes(recorder);
        int port = serve(channel -> channel.pipeline()
                .addLast(traffic)
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(65_536)));
        byte[] request = "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n".getBytes(UTF_8);

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            await().until(() -> traffic.numClients() == 1);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            // exceeds the limit of HttpObjectAggregator, which responds 413 and closes the connection
            int sent = readAll(socket.getInputStream());

            await().until(() -> recorder.totals().bytesClientOut() > 0);
            assertThat(recorder.totals()).isEqualTo(new NodeTotals(0, 0, 0, 0, 0, request.length, sent, 0, 0));
        }
        await().until(() -> traffic.numClients() == 0);
    }

    private static int readAll(InputStream in) throws Exception {
        return in.readAllBytes().length;
    }
}
