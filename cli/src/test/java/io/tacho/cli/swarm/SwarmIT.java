// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisTransport;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.MalformedListener;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SwarmIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final MalformedListener listener = new MalformedListener();
    private RedisTransport transport;
    private List<SnapshotPublisher> publishers;
    private SnapshotSource source;

    @BeforeEach
    void open() {
        transport = new RedisTransport(REDIS.settings(), new SnapshotCodec());
        publishers = List.of(transport.publisher(), transport.publisher());
        source = transport.source();
        source.start(listener);
    }

    @AfterEach
    void close() {
        source.close();
        publishers.forEach(SnapshotPublisher::close);
        transport.close();
    }

    @Test
    void thousandNodes_areStoredAndBeat_noneRemainsAfterClose() {
        Swarm swarm = new Swarm(
                SwarmSettings.of(1_000, Duration.ofSeconds(1), null, 2, 0, null),
                publishers,
                InstantSource.system(),
                System::nanoTime);
        swarm.start();
        try {
            await().until(() -> seqs().size() == 1_000);
            Map<String, Long> before = seqs();
            await().untilAsserted(() -> assertThat(seqs())
                    .hasSize(1_000)
                    .allSatisfy((uid, seq) -> assertThat(seq).isGreaterThan(before.get(uid) + 1)));
        } finally {
            swarm.close();
        }
        assertThat(seqs()).isEmpty();
        assertThat(listener.malformed).isEmpty();
    }

    private Map<String, Long> seqs() {
        List<StoredSnapshot> stored = source.loadAll()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        return stored.stream()
                .map(StoredSnapshot::envelope)
                .collect(Collectors.toMap(SnapshotEnvelope::uid, SnapshotEnvelope::seq));
    }
}
