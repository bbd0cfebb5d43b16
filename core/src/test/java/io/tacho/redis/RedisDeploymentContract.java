// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipPage;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport contract against a deployment. Publisher and source may be different Redis users. */
abstract class RedisDeploymentContract extends RedisContract {

    private static final Logger logger = LoggerFactory.getLogger(RedisDeploymentContract.class);

    /** The publish interval of these tests. */
    private static final Duration BEAT = Duration.ofMillis(200);

    /** The longest backoff between two connection attempts. */
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    /** Tolerance for a loaded machine, and for sentinels that report the new master with a delay. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** The recovery time of core/README.md after the new master responds: one backoff and one beat. */
    private static final Duration RECOVERY = BEAT.plus(BACK_OFF).plus(GRACE);

    private final AtomicLong seq = new AtomicLong();

    String namespace;
    RedisTransport agentSide;
    RedisTransport aggregatorSide;

    /** Returns settings with the credentials of a Redis user. */
    abstract RedisSettings settings(String user);

    RedisSettings agentSettings() {
        return settings("tacho-agent");
    }

    /** Returns the only namespace that the ACL grants. */
    String newNamespace() {
        return RedisSettings.DEFAULT_NAMESPACE;
    }

    /** Returns the channel of a partition. */
    String channel(int partition) {
        return new RedisKeyspace(namespace, agentSettings().partitions()).channel(partition);
    }

    @BeforeEach
    void connect() {
        namespace = newNamespace();
        agentSide = transport(agentSettings());
        aggregatorSide = transport(settings("tacho-aggregator"));
        connect(agentSide, aggregatorSide);
    }

    private RedisTransport transport(RedisSettings settings) {
        return resources.closeLater(new RedisTransport(settings.withNamespace(namespace), new SnapshotCodec()));
    }

    @Test
    void membershipChange_isWrittenOnce_withDocumentedPermissions() throws Exception {
        MembershipChange lost = new MembershipChange(MembershipEvent.LOST, 5_000, Snapshots.beat("u1", 7));
        try (MembershipLog one = aggregatorSide.membershipLog();
                MembershipLog other = aggregatorSide.membershipLog()) {
            get(one.append(List.of(lost), 6_000, MembershipLog.START));
            MembershipPage page = get(other.append(List.of(lost), 6_000, MembershipLog.START));
            assertThat(page.changes()).hasSize(1);
            for (int i = 0; i < MembershipLog.MAX_CHANGES + 5; i++) {
                page = get(one.append(
                        List.of(new MembershipChange(MembershipEvent.JOINED, 6_000, Snapshots.beat("n" + i, 1))),
                        6_000,
                        page.position()));
            }
            assertThat(get(other.append(List.of(), 6_000, MembershipLog.START)).changes())
                    .hasSize(MembershipLog.MAX_CHANGES);
        }
    }

    @Test
    void alertStore_hasOneLeader_stateIsShared() throws Exception {
        try (AlertStore one = aggregatorSide.alertStore(Duration.ofMinutes(1));
                AlertStore other = aggregatorSide.alertStore(Duration.ofMinutes(1))) {
            assertThat(get(one.renewLease(0, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
            assertThat(get(one.renewLease(0, new AlertStoreUpdate(false, Map.of("a/u1", "1", "b/", "2"), Set.of())))
                            .applied())
                    .isTrue();
            assertThat(get(one.renewLease(1, new AlertStoreUpdate(false, Map.of(), Set.of("b/"))))
                            .applied())
                    .isTrue();
            assertThat(get(other.renewLease(0, AlertStoreUpdate.NONE)))
                    .isEqualTo(new AlertStoreResponse(Lease.NOT_HELD, false, 2, Map.of("a/u1", "1")));
            get(one.renewLease(2, new AlertStoreUpdate(true, Map.of(), Set.of())));
            get(one.releaseLease(3));
            assertThat(get(other.renewLease(3, AlertStoreUpdate.NONE)).lease()).isEqualTo(Lease.ACQUIRED);
            get(other.releaseLease(3));
        }
    }

    /** Returns a listener after its first subscription. */
    RecordingListener subscribed() {
        RecordingListener listener = new RecordingListener(source.partitions().count());
        source.start(listener);
        await().atMost(Duration.ofSeconds(15)).until(() -> listener.subscribed.get() == 1);
        return listener;
    }

    boolean beats(String uid) {
        try {
            get(beat(uid));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private CompletionStage<?> beat(String uid) {
        return publisher.publish(Snapshots.beat(uid, seq.incrementAndGet()));
    }

    /** To be called when the new master responds after the old master was killed. */
    void awaitRecoveryOfKilledMaster(RecordingListener listener, String what, String... uids) {
        assertThat(measureRecovery(listener, what, uids))
                .as("one beat of %s, a backoff of %s and %s for a loaded machine", BEAT, BACK_OFF, GRACE)
                .isLessThan(RECOVERY);
    }

    /** As above, for a frozen master: its failure is detected after two command timeouts. */
    void awaitRecoveryOfFrozenMaster(RecordingListener listener, String what, String... uids) {
        Duration detection = agentSettings().commandTimeout().multipliedBy(2);
        assertThat(measureRecovery(listener, what, uids))
                .as(
                        "%s to detect the failure, then one beat of %s, a backoff of %s and %s",
                        detection, BEAT, BACK_OFF, GRACE)
                .isLessThan(detection.plus(RECOVERY));
    }

    private Duration measureRecovery(RecordingListener listener, String what, String... uids) {
        long startedNanos = System.nanoTime();
        awaitAllNodes(listener, uids);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        logger.warn("{}: recovered {} ms after the new master responds", what, elapsed.toMillis());
        return elapsed;
    }

    /** Publishes beats until one of every node was received and all nodes are loaded. */
    void awaitAllNodes(RecordingListener listener, String... uids) {
        long after = seq.get();
        await().atMost(Duration.ofSeconds(30)).pollInterval(BEAT).until(() -> {
            Set<String> received = listener.envelopes.stream()
                    .filter(envelope -> envelope.seq() > after)
                    .map(Envelope::uid)
                    .collect(Collectors.toSet());
            Arrays.stream(uids).filter(uid -> !received.contains(uid)).forEach(this::beat);
            return received.containsAll(List.of(uids));
        });
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(source.loadAll()))
                        .extracting(stored -> stored.envelope().uid())
                        .contains(uids));
    }
}
