// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 2_000);
    private final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    private final Turns turns = new Turns(view, ticker);

    @AfterEach
    void stop() {
        collector.close();
    }

    private JsonNode body() throws IOException {
        return new ObjectMapper().readTree(turns.body());
    }

    private void becomeReady() {
        collector.start();
        ticker.runPending();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            ticker.advance(Duration.ofSeconds(1));
            turns.look();
        }
    }

    @Test
    void nothing_beforeTheFirstLoadIsDone() throws IOException {
        view.loaded(Snapshots.stored("a", 1));
        pass(10);

        assertThat(body().path("turns")).isEmpty();
    }

    @Test
    void turns_ofThoseWhoCameSince_newestFirst() throws IOException {
        becomeReady();
        view.loaded(Snapshots.stored("there-before", 1));
        pass(1);
        view.loaded(Snapshots.stored("new", 1));
        view.received(Snapshots.beat("new", 2));
        pass(1);
        view.leave(Snapshots.leave("new", 3));
        pass(1);

        JsonNode listed = body().path("turns");
        assertThat(listed.findValuesAsText("type")).containsExactly("left", "joined");
        assertThat(listed.findValuesAsText("uid")).containsOnly("new");
        assertThat(listed.at("/0/at").asLong()).isEqualTo(ticker.millis());
    }

    @Test
    void memory_isBounded() throws IOException {
        becomeReady();
        pass(1);
        for (int i = 0; i < 1_500; i++) {
            view.loaded(Snapshots.stored("u" + i, 1));
        }
        pass(10);

        assertThat(body().path("turns")).hasSize(Turns.KEPT);
    }
}
