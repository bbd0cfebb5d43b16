// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AcceptLimitTest {

    @Test
    void server_acceptsAgain_whenConnectionCloses() {
        EmbeddedChannel server = new EmbeddedChannel(new AcceptLimit(3));
        Random random = new Random(3);
        Deque<EmbeddedChannel> open = new ArrayDeque<>();
        for (int step = 0; step < 200; step++) {
            if (server.config().isAutoRead() && (open.isEmpty() || random.nextBoolean())) {
                EmbeddedChannel accepted = new EmbeddedChannel();
                server.writeInbound(accepted);
                assertThat((Object) server.readInbound())
                        .as("accepted channel is forwarded")
                        .isSameAs(accepted);
                open.add(accepted);
            } else {
                open.remove().close();
                server.runPendingTasks();
            }
            assertThat(server.config().isAutoRead()).isEqualTo(open.size() < 3);
        }
    }

    @Test
    void connectionAboveLimit_isCounted() {
        EmbeddedChannel server = new EmbeddedChannel(new AcceptLimit(1));
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        server.writeInbound(first, second);

        first.close();
        server.runPendingTasks();
        assertThat(server.config().isAutoRead()).as("one is still open").isFalse();

        second.close();
        server.runPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
    }
}
