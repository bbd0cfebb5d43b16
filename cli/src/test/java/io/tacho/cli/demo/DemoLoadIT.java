// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoLoadIT {

    private static final int CLIENTS = 12;

    private final IntervalRecorder firstRecorder = new IntervalRecorder();
    private final IntervalRecorder secondRecorder = new IntervalRecorder();
    private final DemoHub first = new DemoHub(firstRecorder, "127.0.0.1", 0);
    private final DemoHub second = new DemoHub(secondRecorder, "127.0.0.1", 0);

    @Test
    void load_isSpreadOverAllHubs_andMovesWhenAHubCloses() throws Exception {
        first.start();
        second.start();
        DemoLoad load = new DemoLoad(new LoadSettings(List.of(first.url(), second.url()), CLIENTS, 400));
        try (load;
                first;
                second) {
            long start = System.nanoTime();
            load.start();
            await().until(() -> firstRecorder.users().total() == CLIENTS / 2
                    && secondRecorder.users().total() == CLIENTS / 2);
            assertThat(firstRecorder.users().distinct() + secondRecorder.users().distinct())
                    .isLessThan(CLIENTS);
            assertThat(first.channels().size()).isPositive();
            await().until(() ->
                    System.nanoTime() - start > Duration.ofSeconds(2).toNanos());

            first.close();
            RecordedInterval one = firstRecorder.takeInterval();
            RecordedInterval two = secondRecorder.takeInterval();
            assertThat(one.numMsgPublished() + two.numMsgPublished())
                    .as("about 400 per second for two seconds")
                    .isBetween(400L, 1_200L);
            assertThat(List.of(one, two)).allSatisfy(interval -> {
                assertThat(interval.api().count()).isPositive();
                assertThat(interval.numMsgSent()).isGreaterThan(interval.numMsgPublished());
                assertThat(interval.bytesClientIn()).isPositive();
                assertThat(interval.bytesClientOut()).isPositive();
            });

            await().until(() -> secondRecorder.users().total() == CLIENTS && load.numConnected() == CLIENTS);

            load.close();
            await().until(() -> secondRecorder.users().total() == 0);
            assertThat(load.numConnected()).isZero();
        }
    }
}
