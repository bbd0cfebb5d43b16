// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageHandlerTest {

    private static final String BEAT = new String(new SnapshotCodec().encode(Snapshots.beat("a", 1)), UTF_8);
    private static final String SUBSCRIBED = ">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n";

    private final List<String> received = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new MessageHandler(new EnvelopeReader(new SnapshotCodec(), new Received())));

    /** Records received messages, and throws at the beat of one node. */
    private final class Received implements SnapshotListener {
        @Override
        public void onSubscribed(int partition) {}

        @Override
        public void onDisconnected(int partition) {}

        @Override
        public void onSnapshot(SnapshotEnvelope beat) {
            received.add(beat.uid() + " " + beat.seq());
            if (beat.uid().equals("failing")) {
                throw new IllegalStateException("failing");
            }
        }

        @Override
        public void onLeave(LeaveEnvelope leave) {
            received.add("leave " + leave.uid());
        }

        @Override
        public void onConflict(Conflict conflict) {}

        @Override
        public void onMalformed(MalformedSnapshotException problem) {
            received.add(problem.reason().label());
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static String message(String text) {
        return ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$" + text.length() + "\r\n" + text + "\r\n";
    }

    private void write(String bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes(ISO_8859_1)));
    }

    private String forwarded() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
            all.append(next.toString(ISO_8859_1));
            next.release();
        }
        return all.toString();
    }

    @Test
    void message_isDecoded_notForwarded() {
        write(message(BEAT));
        assertThat(received).containsExactly("a 1");
        assertThat(forwarded()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {">3\r\n$7\r\nmessage", "*3\r\n$7\r\nmessage", ">3\r\n$8\r\nsmessage", "*3\r\n$8\r\nsmessage"})
    void message_ofResp2Resp3AndShardedChannels_isDecoded(String head) {
        write(head + "\r\n$1\r\nc\r\n$" + BEAT.length() + "\r\n" + BEAT + "\r\n");
        assertThat(received).containsExactly("a 1");
        assertThat(forwarded()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SUBSCRIBED,
                "+PONG\r\n",
                "-ERR no\r\n",
                ":7\r\n",
                "$-1\r\n",
                "$0\r\n\r\n",
                "*-1\r\n",
                "*0\r\n",
                "_\r\n",
                "#t\r\n",
                ",1.5\r\n",
                "(123\r\n",
                "!3\r\nERR\r\n",
                "=7\r\ntxt:abc\r\n",
                "~1\r\n+a\r\n",
                "%1\r\n+server\r\n*2\r\n:1\r\n$5\r\na\r\nbc\r\n",
                "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n",
                ">3\r\n$8\r\nmessage2\r\n$1\r\nc\r\n$1\r\nx\r\n",
                ">2\r\n$7\r\nmessage\r\n$1\r\nc\r\n",
                ">4\r\n$8\r\npmessage\r\n$1\r\nc\r\n$1\r\nc\r\n$1\r\nx\r\n"
            })
    void otherReply_isForwardedUnchanged(String value) {
        write(message(BEAT) + value + message(BEAT));
        assertThat(received).containsExactly("a 1", "a 1");
        assertThat(forwarded()).isEqualTo(value);
    }

    @Test
    void message_splitAtAnyByte_hasSameResult() {
        String all =
                "+OK\r\n" + message(BEAT) + SUBSCRIBED + message("{}") + "%1\r\n+a\r\n$2\r\nbc\r\n" + message(BEAT);
        for (int split = 0; split <= all.length(); split++) {
            received.clear();
            write(all.substring(0, split));
            write(all.substring(split));
            assertThat(received).describedAs("split at %d", split).containsExactly("a 1", "bad_field", "a 1");
            assertThat(forwarded()).isEqualTo("+OK\r\n" + SUBSCRIBED + "%1\r\n+a\r\n$2\r\nbc\r\n");
        }
    }

    @Test
    void message_splitRandomly_hasSameResult() {
        Random random = new Random(1);
        StringBuilder all = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            all.append(message(new String(new SnapshotCodec().encode(Snapshots.detailed("a", i)), UTF_8)));
            all.append(i % 20 == 0 ? SUBSCRIBED : "");
            expected.add("a " + i);
        }
        for (int from = 0; from < all.length(); ) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(2_000));
            write(all.substring(from, to));
            from = to;
        }
        assertThat(received).isEqualTo(expected);
        assertThat(forwarded()).isEqualTo(SUBSCRIBED.repeat(10));
    }

    @Test
    void messageAboveLimit_isReportedAsTooLarge() {
        write(message("x".repeat(SnapshotCodec.MAX_BYTES))
                + message("x".repeat(2 * SnapshotCodec.MAX_BYTES))
                + message(BEAT));
        assertThat(received).containsExactly("not_json", "too_large", "a 1");
    }

    @Test
    void listenerThrows_laterMessagesAreReceived() {
        String failing = new String(new SnapshotCodec().encode(Snapshots.beat("failing", 1)), UTF_8);
        write(message(failing) + message(BEAT));
        assertThat(received).containsExactly("failing 1", "a 1");
        channel.checkException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400\r\n",
                "$a\r\n",
                "$99999999999999\r\n",
                "\u0000",
                "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"
            })
    void invalidResp_closesConnection(String garbage) {
        write(message(BEAT) + garbage + message(BEAT));

        assertThat(received).containsExactly("a 1");
        assertThat(forwarded()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    /** Without sharing, each subscription would create its own threads. */
    @Test
    void derivedClientResources_shareThreads() {
        ClientResources resources = DefaultClientResources.builder().build();
        ClientResources derived = MessageHandler.on(resources, new EnvelopeReader(new SnapshotCodec(), new Received()));

        assertThat(derived.eventLoopGroupProvider()).isSameAs(resources.eventLoopGroupProvider());
        assertThat(derived.eventExecutorGroup()).isSameAs(resources.eventExecutorGroup());
        assertThat(derived.timer()).isSameAs(resources.timer());

        derived.shutdown(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
        resources.shutdown(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(resources.eventExecutorGroup().isShuttingDown()).isTrue();
    }
}
