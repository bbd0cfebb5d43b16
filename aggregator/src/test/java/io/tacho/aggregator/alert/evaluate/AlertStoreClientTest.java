// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.UnreliableAlertStore;
import io.tacho.text.Glob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log")
class AlertStoreClientTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Rule RULE = new Rule("rule", new Condition.LostNode(Glob.ANY), "warning");
    private static final Consumer<AlertChangeSet> UNCHANGED = changes -> {};

    private final ManualTicker ticker = new ManualTicker();
    private final UnreliableAlertStore store = new UnreliableAlertStore(ticker, Duration.ofSeconds(5));
    private final AlertStoreClient one = client(Runnable::run);
    private final AlertStoreClient other = client(Runnable::run);

    private AlertStoreClient client(Executor executor) {
        return new AlertStoreClient(store.connect(), executor, new RateLimitedLog(ticker));
    }

    private static Alert alert(String uid) {
        return Alert.firing("id-" + uid, RULE, new Violation(uid, uid, 0, "text"), START);
    }

    private static void sync(AlertStoreClient client, Consumer<AlertChangeSet> edit) {
        client.syncWithStore(edit, UNCHANGED, () -> {});
    }

    private static StoredSilence silence(String id, int endsAfterSeconds) {
        return new StoredSilence(
                id, new Silence(new Glob("a*"), Glob.ANY, null, START.plusSeconds(endsAfterSeconds)), "why");
    }

    private void store(StoredSilence... silences) {
        for (StoredSilence silence : silences) {
            store.connect().edit(new AlertStoreUpdate(false, Map.of(silence.key(), silence.toJson()), Set.of()));
        }
    }

    @Test
    void firstSync_acquiresTheLeaseAndChangesNothing() {
        sync(one, changes -> changes.put(alert("a")));

        assertThat(one.isLeader()).isTrue();
        assertThat(one.alerts()).isEmpty();
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void leader_writesItsChanges_followersReadThem() {
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("a")));
        sync(other, changes -> changes.put(alert("b")));

        assertThat(other.isLeader()).isFalse();
        assertThat(other.alerts()).isEqualTo(one.alerts()).isEqualTo(Map.of("rule/a", alert("a")));
    }

    @Test
    void removedAlert_isRemovedForAll() {
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("a")));
        sync(other, UNCHANGED);
        sync(one, changes -> changes.remove(alert("a")));
        sync(other, UNCHANGED);

        assertThat(other.alerts()).isEmpty();
        assertThat(store.entries()).isEmpty();
    }

    @Test
    void onStored_isCalledOnlyIfTheChangesAreStored() {
        AtomicInteger stored = new AtomicInteger();
        AtomicInteger completed = new AtomicInteger();
        Consumer<AlertChangeSet> onStored = changes -> stored.incrementAndGet();
        one.syncWithStore(changes -> changes.put(alert("a")), onStored, completed::incrementAndGet);
        assertThat(stored).as("the lease was not held").hasValue(0);
        one.syncWithStore(changes -> changes.put(alert("a")), onStored, completed::incrementAndGet);
        assertThat(stored).hasValue(1);
        store.setReachable(false);
        one.syncWithStore(changes -> changes.put(alert("b")), onStored, completed::incrementAndGet);

        assertThat(stored).hasValue(1);
        assertThat(completed).hasValue(3);
    }

    @Test
    void unreachableStore_keepsTheAlertsAndLosesLeadership() {
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("a")));
        store.setReachable(false);
        sync(one, changes -> changes.put(alert("b")));

        assertThat(one.isLeader()).isFalse();
        assertThat(one.alerts()).containsOnlyKeys("rule/a");
    }

    @Test
    void releasedLease_isAcquiredByAnother() {
        sync(one, UNCHANGED);
        one.releaseLease();
        sync(other, UNCHANGED);

        assertThat(one.isLeader()).isFalse();
        assertThat(other.isLeader()).isTrue();
    }

    @Test
    void expiredLease_isAcquiredByAnother() {
        sync(one, UNCHANGED);
        ticker.advance(Duration.ofSeconds(5));
        sync(other, UNCHANGED);
        sync(one, UNCHANGED);

        assertThat(other.isLeader()).isTrue();
        assertThat(one.isLeader()).isFalse();
    }

    @Test
    void flushedStore_isRestoredByTheLeader_withSilences() {
        sync(one, UNCHANGED);
        store(silence("s", 60));
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("a")));
        sync(one, changes -> changes.put(alert("b")));
        store.flush();
        for (int i = 0; i < 3; i++) {
            sync(one, UNCHANGED);
        }

        assertThat(store.entries()).containsOnlyKeys("rule/a", "rule/b", "silence/s");
    }

    /** Redis was replaced by an empty one, and another aggregator acquired the lease first. */
    private void replaceStoreWhileOneKnowsALaterVersion() {
        sync(one, UNCHANGED);
        store(silence("old", 60));
        sync(one, UNCHANGED);
        for (String uid : new String[] {"a", "b", "c"}) {
            sync(one, changes -> changes.put(alert(uid)));
        }
        store.flush();
        sync(other, UNCHANGED);
        sync(other, changes -> changes.put(alert("new")));
        store(silence("new", 60));
        sync(other, UNCHANGED);
        sync(one, UNCHANGED);
    }

    @Test
    void replacedStore_isReadByAFollower_whateverItsVersion() {
        replaceStoreWhileOneKnowsALaterVersion();

        assertThat(one.isLeader()).isFalse();
        assertThat(one.alerts()).isEqualTo(other.alerts()).containsOnlyKeys("rule/new");
        assertThat(one.silences()).containsExactly(silence("new", 60));
    }

    @Test
    void replacedStore_isKeptByTheNextLeader() {
        replaceStoreWhileOneKnowsALaterVersion();
        other.releaseLease();
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("later")));

        assertThat(one.isLeader()).isTrue();
        assertThat(store.entries()).containsOnlyKeys("rule/new", "rule/later", "silence/new");
    }

    @Test
    void flushedStore_isRestoredByAFollower_thatBecomesTheLeader() {
        sync(one, UNCHANGED);
        sync(one, changes -> changes.put(alert("a")));
        sync(other, UNCHANGED);
        store.flush();
        // the first aggregator has ended
        sync(other, UNCHANGED);
        sync(other, UNCHANGED);

        assertThat(store.entries()).containsOnlyKeys("rule/a");
    }

    @Test
    void silences_areSortedByEndTime() {
        store(silence("b", 60), silence("a", 60), silence("c", 30));
        sync(one, UNCHANGED);

        assertThat(one.silences()).containsExactly(silence("c", 30), silence("a", 60), silence("b", 60));
    }

    @Test
    void removedSilence_isNoLongerListed() {
        store(silence("a", 60), silence("b", 90));
        sync(one, UNCHANGED);
        sync(one, changes -> changes.remove(silence("a", 60)));

        assertThat(one.silences()).containsExactly(silence("b", 90));
        assertThat(store.entries()).containsOnlyKeys("silence/b");
    }

    @Test
    void concurrentEdit_isReadBeforeTheNextChange() {
        sync(one, UNCHANGED);
        store(silence("a", 60));
        sync(one, changes -> changes.put(alert("a")));
        assertThat(one.silences()).containsExactly(silence("a", 60));
        assertThat(one.alerts())
                .as("rejected, because it was based on an older version")
                .isEmpty();

        sync(one, changes -> changes.put(alert("a")));

        assertThat(store.entries()).containsOnlyKeys("silence/a", "rule/a");
    }

    @Test
    void unreadableEntries_areIgnored() {
        store.connect()
                .edit(new AlertStoreUpdate(
                        false,
                        Map.of(
                                "rule/a",
                                StoredAlertJson.toJson(alert("a")),
                                "rule/other",
                                StoredAlertJson.toJson(alert("b")),
                                "rule/broken",
                                "{",
                                "silence/broken",
                                "{",
                                "silence/other",
                                silence("a", 60).toJson(),
                                "silence/never",
                                "{\"id\":\"never\",\"endsAt\":\"never\"}"),
                        Set.of()));
        try (CapturedLog log = CapturedLog.of(AlertStoreClient.class)) {
            sync(one, UNCHANGED);

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .matches("alerts: invalid silence silence/(broken|other|never) in the alert store"
                            + " \\(expected: JSON with the id of its key\\)");
        }

        assertThat(one.alerts()).containsOnlyKeys("rule/a");
        assertThat(one.silences()).isEmpty();
    }

    @Test
    void secondSync_whileACallIsPending_doesNothing() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        AlertStoreClient queued = client(tasks::add);
        AtomicInteger completed = new AtomicInteger();
        queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet);
        queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet);
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet);

        assertThat(completed).hasValue(1);
        assertThat(tasks).hasSize(1);
    }

    @Test
    void actionWhenIdle_runsAfterThePendingCall() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        AlertStoreClient queued = client(tasks::add);
        StringBuilder order = new StringBuilder();
        queued.syncWithStore(UNCHANGED, UNCHANGED, () -> order.append("completed "));
        queued.whenIdle(() -> order.append("first "));
        queued.whenIdle(() -> order.append("second "));
        assertThat(order).isEmpty();
        tasks.remove().run();
        assertThat(order).hasToString("completed first second ");

        queued.whenIdle(() -> order.append("immediately"));

        assertThat(order).hasToString("completed first second immediately");
    }

    @Test
    void actionWhenIdle_thatCallsTheStore_delaysTheNextAction() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        AlertStoreClient queued = client(tasks::add);
        AtomicInteger completed = new AtomicInteger();
        queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet);
        queued.whenIdle(() -> queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet));
        queued.whenIdle(() -> queued.syncWithStore(UNCHANGED, UNCHANGED, completed::incrementAndGet));
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }

        assertThat(completed).hasValue(3);
    }

    @Test
    void failingCallback_doesNotBlockTheNextSync() {
        one.syncWithStore(UNCHANGED, UNCHANGED, () -> {
            throw new IllegalStateException("bug");
        });
        sync(one, changes -> changes.put(alert("a")));

        assertThat(one.alerts()).containsOnlyKeys("rule/a");
    }
}
