// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.tacho.cli.client.ApiException;
import io.tacho.cli.client.MemoryApi;
import io.tacho.testing.ManualTicker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The threads of a follower, which wait a second before they repeat a request. */
class FollowerIT {

    private final MemoryApi api = new MemoryApi();
    private final LiveCluster cluster = new LiveCluster(new ManualTicker());
    private final Follower follower = new Follower(api.client(), cluster);

    /** A rejected follower ends. */
    @AfterEach
    void reject() {
        api.on("/events", 401, "");
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("tacho-events", "tacho-totals"));
    }

    @ParameterizedTest
    @CsvSource({"0, Connection refused", "503, status 503"})
    void failedRequest_isRepeatedUntilTheAggregatorResponds(int status, String trouble) {
        api.on("/events", status, "");
        follower.start();
        await().untilAsserted(() -> assertThat(follower.trouble()).isEqualTo(trouble));
        assertThatCode(follower::check).doesNotThrowAnyException();

        api.on("/events", "event: synced\ndata: {}\n\n");
        await().until(() -> cluster.snapshot().synced());
    }

    @Test
    void rejectedRequest_isNotRepeated() {
        api.on("/events", 401, "");
        follower.start();
        await().untilAsserted(() -> assertThatCode(follower::check).isInstanceOf(ApiException.class));

        reject();
        assertThat(api.requests()).containsOnlyOnce("GET /events");
    }
}
