// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ClientTrafficTest {

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final ClientTraffic traffic = ClientTraffic.bytesAndMessages(recorder);

    @Test
    void failedWrite_isCountedAsQueued_notAsSent() {
        EmbeddedChannel channel = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                        ReferenceCountUtil.release(message);
                        promise.setFailure(new IOException("gone"));
                    }
                },
                traffic);

        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));

        RecordedInterval all = recorder.takeInterval();
        assertThat(new long[] {all.numMsgQueued(), all.numMsgSent(), all.bytesClientOut()})
                .containsExactly(1, 0, 0);
    }

    @Test
    void write_withVoidPromise_isCounted() {
        EmbeddedChannel channel = new EmbeddedChannel(traffic);

        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]), channel.voidPromise());

        assertThat(recorder.takeInterval().bytesClientOut()).isEqualTo(10);
        channel.finishAndReleaseAll();
    }

    @Test
    void messages_countedTypes() {
        EmbeddedChannel channel = new EmbeddedChannel(traffic);

        channel.writeInbound(
                new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[1])),
                new ContinuationWebSocketFrame(Unpooled.wrappedBuffer(new byte[20])),
                new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[300])),
                new CloseWebSocketFrame(),
                new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[4_000])),
                "an object of somebody");
        channel.writeOutbound(
                new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[5])),
                new CloseWebSocketFrame(),
                new DefaultFileRegion(new File("never-opened"), 0, 60),
                "another");

        RecordedInterval all = recorder.takeInterval();
        assertThat(all.bytesClientIn()).isEqualTo(4_021);
        assertThat(all.bytesClientOut()).isEqualTo(65);
        assertThat(new long[] {all.numMsgQueued(), all.numMsgSent()}).containsExactly(2, 2);
        channel.finishAndReleaseAll();
    }

    @Test
    void messages_emptyFlush_isNotCounted() {
        EmbeddedChannel channel = new EmbeddedChannel(traffic);
        channel.writeOutbound(
                new TextWebSocketFrame("hello"),
                new TextWebSocketFrame(""),
                Unpooled.EMPTY_BUFFER,
                LastHttpContent.EMPTY_LAST_CONTENT,
                new DefaultFileRegion(new File("never-opened"), 0, 0));

        RecordedInterval all = recorder.takeInterval();
        assertThat(new long[] {all.numMsgQueued(), all.numMsgSent(), all.bytesClientOut()})
                .containsExactly(2, 2, 5);
        channel.finishAndReleaseAll();
    }

    @Test
    void numClients_handlerAddedToAndRemovedFromOpenChannel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(traffic);
        assertThat(traffic.numClients()).isEqualTo(1);

        channel.pipeline().remove(traffic);
        assertThat(traffic.numClients()).isZero();

        channel.pipeline().addLast(traffic);
        channel.close();
        assertThat(traffic.numClients()).isZero();
    }
}
