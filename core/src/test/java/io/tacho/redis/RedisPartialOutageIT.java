// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.redis.connection.RedisFailureLog;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.HistoryMark;
import io.tacho.store.MembershipLog;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportException;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outage of one of three masters without replicas: the other partitions stay connected. */
class RedisPartialOutageIT {

    private static final int COUNT = 6;
    private static final Partitions PARTITIONS = new Partitions(COUNT);
    private static final RedisKeyspace KEYSPACE = new RedisKeyspace("tacho", COUNT);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RecordingListener listener = new RecordingListener(COUNT);
    private RedisClusterSet redis;
    private RedisTransport transport;
    private SnapshotPublisher publisher;
    private SnapshotSource source;
    private WindowHistory history;
    private MembershipLog membership;
    private CapturedLog log;

    @BeforeEach
    void start() throws Exception {
        log = CapturedLog.of(RedisFailureLog.class);
        redis = RedisClusterSet.startWithoutReplicas();
        transport = new RedisTransport(RedisSettings.of(redis.uri()).withPartitions(COUNT), new SnapshotCodec());
        publisher = transport.publisher();
        source = transport.source();
        history = transport.history();
        membership = transport.membershipLog();
        source.start(listener);
        await().atMost(TIMEOUT).until(() -> listener.subscribed.get() == 1);
    }

    @AfterEach
    void stop() {
        membership.close();
        history.close();
        source.close();
        publisher.close();
        transport.close();
        redis.close();
        log.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static String uid(int partition) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "u" + i)
                .filter(uid -> PARTITIONS.of(uid) == partition)
                .findFirst()
                .orElseThrow();
    }

    private void publish(int partition, long seq) throws Exception {
        get(publisher.publish(Snapshots.beat(uid(partition), seq)));
        get(publisher.upload(batch(uid(partition), seq - 1, seq, minute(SLOT, 1))));
    }

    private Set<Integer> partitionsWithout(int master) {
        return IntStream.range(0, COUNT)
                .filter(partition -> redis.masterOf(KEYSPACE.channel(partition)) != master)
                .boxed()
                .collect(Collectors.toSet());
    }

    private WindowChanges windows() throws Exception {
        return get(history.changedSince(HistoryMark.START, 10));
    }

    @Test
    void masterKilled_otherPartitionsStaySubscribedAndReadable() throws Exception {
        for (int partition = 0; partition < COUNT; partition++) {
            publish(partition, 1);
        }
        assertThat(windows().windows()).extracting(ClusterWindow::nodeWindows).containsExactly((long) COUNT);
        HistoryMark before = windows().next();
        int killed = redis.masterOf("{tacho:0}:snapshots");
        Set<Integer> others = partitionsWithout(killed);

        redis.node(killed).stopServer();
        await().atMost(TIMEOUT).until(() -> listener.partitions.equals(others));

        for (int partition : others) {
            publish(partition, 2);
            assertThat(get(source.loadUnknown(partition, uid -> false))).hasSize(1);
            assertThat(get(source.load(List.of(uid(partition))))).hasSize(1);
        }
        assertThatThrownBy(() -> get(source.loadUnknown(0, uid -> false))).hasCauseInstanceOf(TransportException.class);
        assertThatThrownBy(() -> publish(0, 2)).hasCauseInstanceOf(TransportException.class);
        assertThatThrownBy(() -> get(membership.append(List.of(), 0, MembershipLog.START)))
                .hasCauseInstanceOf(TransportException.class);
        WindowChanges partial = get(history.changedSince(before, 10));
        assertThat(partial.missingPartitions()).isEqualTo(COUNT - others.size());
        assertThat(partial.windows()).extracting(ClusterWindow::nodeWindows).containsExactly(2L * others.size());
        assertThat(partial.next().millis()).hasSize(COUNT);
        assertThat(partial.next().millis().get(0)).isEqualTo(before.millis().get(0));
        assertThat(listener.partitions).isEqualTo(others);
        assertThat(listener.disconnected).hasValue(1);

        redis.node(killed).startServer();
        await().atMost(TIMEOUT).until(() -> listener.subscribed.get() == 2);
        await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> {
            publish(0, 2);
            assertThat(windows().missingPartitions()).isZero();
            assertThat(get(source.loadAll())).hasSize(others.size() + 1);
        });
        assertThat(log.warnings()).as("once per cause").doesNotHaveDuplicates();
    }

    @Test
    void history_failsOnlyWhenAllMastersAreDown() throws Exception {
        publish(0, 1);
        int survivor = redis.masterOf("{tacho:0}:snapshots");
        for (int node = 0; node < redis.size(); node++) {
            if (node != survivor) {
                redis.node(node).stopServer();
            }
        }
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> windows().missingPartitions() > 0);

        redis.node(survivor).stopServer();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThatThrownBy(this::windows).hasCauseInstanceOf(TransportException.class));
    }
}
