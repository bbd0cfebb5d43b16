// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What beats, floods and naive readers do to a real Redis. */
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
    void scripts_makeWholeNodesThatReadersFind() throws Exception {
        try (Resp connection = new Resp(redis.port())) {
            Beats beats = Beats.scripts("bench", 7, Beats.load(connection));
            for (int i = 0; i < 14; i++) {
                connection.send(beats.next());
                // applied: also the second beat of each node is news
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
