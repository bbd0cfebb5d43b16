// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Envelope.Writer;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.BeatResult;
import io.tacho.testing.Snapshots;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishedDetailTest {

    private static final BeatResult ACCEPTED = BeatResult.accepted(1, 1);
    private static final MetricsWindow FIRST = new MetricsWindow(0, 60_000);
    private static final MetricsWindow SECOND = new MetricsWindow(60_000, 120_000);

    private final PublishedDetail published = new PublishedDetail();

    private static SnapshotEnvelope beat(@Nullable MetricsWindow window, WindowDetail detail) {
        return SnapshotEnvelope.builder(Snapshots.snapshot("u1", "u1"))
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .window(window)
                .detail(detail)
                .build();
    }

    private static WindowDetail detail(String users) {
        return new WindowDetail(null, null, Snapshots.sketch(users), null);
    }

    @Test
    void acceptedBeat_containsDetailOfSameWindowAndSketches() {
        published.add(beat(FIRST, detail("a")), ACCEPTED);

        assertThat(published.contains(beat(FIRST, detail("a")))).isTrue();
        assertThat(published.contains(beat(FIRST, detail("a").withExtras(new Extras(Map.of("n", Extra.gauge(1)))))))
                .as("extra values are in every message")
                .isTrue();
        assertThat(published.contains(beat(FIRST, detail("b")))).isFalse();
        assertThat(published.contains(beat(SECOND, detail("a")))).isFalse();
        assertThat(published.contains(beat(null, detail("a")))).isFalse();
    }

    @Test
    void beatWithoutResult_isNotContained() {
        assertThat(published.contains(beat(FIRST, detail("a")))).isFalse();
    }

    @Test
    void rejectedBeat_nextBeatHasFullDetail() {
        published.add(beat(FIRST, detail("a")), ACCEPTED);
        published.add(beat(FIRST, detail("a")), BeatResult.conflict(1, 1, new Writer("w", "h"), 0));

        assertThat(published.contains(beat(FIRST, detail("a")))).isFalse();
    }

    @Test
    void nodeThatLeft_nextBeatHasFullDetail() {
        published.add(beat(FIRST, detail("a")), ACCEPTED);
        published.remove("u1");

        assertThat(published.contains(beat(FIRST, detail("a")))).isFalse();
    }

    @Test
    void beatWithoutDetail_isNotContained() {
        published.add(beat(FIRST, WindowDetail.NONE), ACCEPTED);

        assertThat(published.contains(beat(FIRST, WindowDetail.NONE))).isFalse();
    }
}
