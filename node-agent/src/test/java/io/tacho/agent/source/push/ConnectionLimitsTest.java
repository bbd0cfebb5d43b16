// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

    private static final int MAX_CONNECTIONS = 8;

    private final AtomicInteger connections = new AtomicInteger();

    private EmbeddedChannel connect() {
        EmbeddedChannel channel = new EmbeddedChannel(new ConnectionLimits(connections, MAX_CONNECTIONS));
        channel.freezeTime();
        return channel;
    }

    private static void passSeconds(EmbeddedChannel channel, long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private static void receive(EmbeddedChannel channel) {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'P'}));
    }

    @Test
    void connections_areLimited() {
        List<EmbeddedChannel> open = new ArrayList<>();
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            open.add(connect());
        }
        assertThat(open).allMatch(EmbeddedChannel::isActive);
        assertThat(connect().isActive()).isFalse();
        assertThat(connections).hasValue(MAX_CONNECTIONS);

        open.get(0).close();
        assertThat(connect().isActive()).isTrue();
    }

    @Test
    void slowRequest_connectionIsClosed() {
        EmbeddedChannel channel = connect();
        for (int second = 0; second < 9; second++) {
            receive(channel);
            passSeconds(channel, 1);
            assertThat(channel.isActive()).isTrue();
        }
        receive(channel);
        passSeconds(channel, 2);

        assertThat(channel.isActive()).isFalse();
        assertThat(connections).hasValue(0);
        channel.finishAndReleaseAll();
    }

    @Test
    void completedRequests_connectionStaysOpen() {
        EmbeddedChannel channel = connect();
        for (int i = 0; i < 10; i++) {
            receive(channel);
            passSeconds(channel, 5);
            channel.writeOutbound("response");
            passSeconds(channel, 5);
        }

        assertThat(channel.isActive()).isTrue();
        channel.finishAndReleaseAll();
    }
}
