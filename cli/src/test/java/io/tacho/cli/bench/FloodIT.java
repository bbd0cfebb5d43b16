// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests beats, floods and naive readers with a real Redis. */
class FloodIT {

    private EmbeddedRedis redis;

    @BeforeEach
    void start() throws IOException {
        redis = EmbeddedRedis.start();
    }

    @AfterEach
    void end() {
        redis.close();
    }

    @Test
    void scripts_createNodesThatReadersFind() throws Exception {
        try (Resp connection = new Resp(redis.port())) {
            Beats beats = Beats.scripts("bench", 7, Beats.load(connection));
            for (int i = 0; i < 14; i++) {
                connection.send(beats.next());
                // applied: the second beat of each node has a higher seq
                assertThat(connection.reply())
                        .asInstanceOf(InstanceOfAssertFactories.LIST)
                        .startsWith(1L);
            }
            assertThat(connection.ask("ZCARD", "{bench:0}:nodes")).isEqualTo(7L);
        }

        NaiveReader.Reading reading = new NaiveReader(redis.port(), "{bench:0}:node:*", false, 7).run(2, 1);

        assertThat(reading.responses()).isPositive();
        assertThat(reading.p99Millis()).isPositive();
    }

    @Test
    void naiveReader_countsTheStoredNodes() throws Exception {
        try (Resp connection = new Resp(redis.port())) {
            connection.ask("SELECT", Integer.toString(NaiveReader.STRINGS_DATABASE));
            for (int i = 0; i < 3; i++) {
                connection.ask("SET", "node:" + i, "{}");
            }
            // not a string: MGET returns nil for it, as for one that has just expired
            connection.ask("RPUSH", "node:list", "x");
        }

        NaiveReader.Reading reading = new NaiveReader(redis.port(), "node:*", true, 4).run(1, 0);

        assertThat(reading.responses()).isOne();
        assertThat(reading.fewestFound()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void naiveReader_withoutNodes_fails(boolean strings) {
        NaiveReader reader = new NaiveReader(redis.port(), "node:*", strings, 4);

        assertThatIOException().isThrownBy(() -> reader.run(2, 1)).withMessageContaining("no nodes (expected: 4)");
    }

    @Test
    void naiveReader_withoutRedis_fails() {
        int port = redis.port();
        redis.close();

        assertThatIOException()
                .isThrownBy(() -> new NaiveReader(port, "node:*", true, 4).run(1, 1))
                .withMessageStartingWith("reading from Redis: ");
    }

    @Test
    void flood_windowFull_waitsForTheSubscriber() throws IOException {
        AtomicLong received = new AtomicLong(7);
        try (Resp connection = new Resp(redis.port())) {
            // a subscriber whose count increases only with every second reading
            Flood flood = new Flood(
                    connection,
                    Beats.messages("bench", 10),
                    () -> received.getAndAdd(received.get() < 1_000 ? 1 : 1_000),
                    300);
            Flood.Outcome outcome = flood.run(1);

            assertThat(outcome.worstBacklog()).isBetween(300L, 500L);
            assertThat(received.get()).as("received messages").isGreaterThanOrEqualTo(7 + outcome.sent());
        }
    }

    @Test
    void flood_withoutSubscriber_hasNoBacklog() throws IOException {
        try (Resp connection = new Resp(redis.port())) {
            Flood.Outcome outcome = Flood.withoutSubscriber(connection, Beats.messages("bench", 10))
                    .run(1);

            assertThat(outcome.sent()).isPositive();
            assertThat(outcome.worstBacklog()).isZero();
        }
    }

    @Test
    void flood_rejectedByRedis_fails() throws IOException {
        try (Resp connection = new Resp(redis.port())) {
            Flood flood = Flood.withoutSubscriber(connection, Beats.scripts("bench", 1, "0".repeat(40)));

            assertThatIOException().isThrownBy(() -> flood.run(1)).withMessageStartingWith("Redis: NOSCRIPT");
        }
    }

    @Test
    void flood_endsWhenAllIsReceived() throws IOException {
        try (Resp connection = new Resp(redis.port());
                RawSubscriber subscriber = new RawSubscriber(redis.port(), RawSubscriber.channel("bench"))) {
            Flood.Outcome outcome =
                    new Flood(connection, Beats.messages("bench", 10), subscriber::received, 1_000).run(1);

            assertThat(outcome.sent()).isPositive().isEqualTo(subscriber.received());
            assertThat(outcome.perSecond()).isPositive();
        }
    }
}
