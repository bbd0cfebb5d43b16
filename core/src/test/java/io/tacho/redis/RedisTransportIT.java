// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.BeatResult;
import io.tacho.store.BeatResult.Outcome;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Snapshots;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisTransportIT extends RedisContract {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final SnapshotCodec codec = new SnapshotCodec();

    private RedisSettings settings;
    private RedisCommands<String, String> commands;
    private String tag;

    /** Returns settings with a unique namespace. */
    RedisSettings newSettings() {
        return redis.settings();
    }

    @BeforeEach
    void connect() {
        settings = newSettings();
        RedisTransport transport = resources.closeLater(new RedisTransport(settings, codec));
        connect(transport, transport);
        commands = resources
                .closeLater(RedisClient.create(settings.uri()))
                .connect()
                .sync();
        tag = "{" + settings.namespace() + ":0}";
    }

    @Test
    void histogramsAndSketches_areSentOncePerWindow_storedInEveryEntry() throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
        SnapshotEnvelope first = Snapshots.detailed("u1", 5);
        SnapshotEnvelope again = Snapshots.detailed("u1", 6);

        get(publisher().publish(first));
        get(publisher().publish(again));

        await().untilAsserted(() -> assertThat(listener.envelopes).containsExactly(first, again.withoutDetail()));
        assertThat(get(source().load(List.of("u1"))))
                .extracting(StoredSnapshot::envelope)
                .containsExactly(again);
        assertThat(commands.hget(tag + ":node:u1", "sketches")).startsWith("{\"users\":\"");
    }

    @Test
    void publish_keysMatchWireContract() throws Exception {
        get(publisher.publish(Snapshots.beat("u1", 7)));

        Map<String, String> hash = commands.hgetall(tag + ":node:u1");
        assertThat(hash).isEqualTo(codec.toHash(Snapshots.beat("u1", 7)));
        assertThat(commands.pttl(tag + ":node:u1")).isBetween(10_000L, 15_000L);
        long nowMillis = Long.parseLong(commands.time().get(0)) * 1_000;
        assertThat(commands.zscore(tag + ":nodes", "u1")).isBetween(nowMillis + 10_000.0, nowMillis + 16_000.0);
        assertThat(commands.pttl(tag + ":nodes")).isBetween(86_400_000L, 2 * 86_400_000L);
    }

    @Test
    void publish_replacesWholeEntry() throws Exception {
        commands.hset(tag + ":node:u1", "field_of_an_older_version", "1");

        get(publisher.publish(Snapshots.beat("u1", 7)));

        assertThat(commands.hexists(tag + ":node:u1", "field_of_an_older_version"))
                .isFalse();
    }

    @Test
    void publish_keyOfWrongType_isReplaced() throws Exception {
        commands.set(tag + ":node:u1", "squatter");

        get(publisher.publish(Snapshots.beat("u1", 7)));

        assertThat(commands.hget(tag + ":node:u1", "seq")).isEqualTo("7");
    }

    @Test
    void publish_removesExpiredRegistryMembers() throws Exception {
        commands.zadd(tag + ":nodes", 1_000, "long-gone");

        get(publisher.publish(Snapshots.beat("u1", 7)));

        assertThat(commands.zrange(tag + ":nodes", 0, -1)).containsExactly("u1");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 20_000})
    void publish_registryTtl_coversMembersOfOtherWriters(long registryPttl) throws Exception {
        // a node published by shell commands: the registry has no TTL, or one set by another agent
        commands.zadd(tag + ":nodes", System.currentTimeMillis() + 3_600_000.0, "shell");
        if (registryPttl > 0) {
            commands.pexpire(tag + ":nodes", registryPttl);
        }

        get(publisher.publish(Snapshots.beat("u1", "u1", 1, 100)));
        get(publisher.leave(Snapshots.leave("u1", 2)));

        assertThat(commands.pttl(tag + ":nodes"))
                .as("at least the maximum TTL of a node")
                .isGreaterThanOrEqualTo(SnapshotEnvelope.MAX_TTL_MILLIS);
        assertThat(commands.zrange(tag + ":nodes", 0, -1)).containsExactly("shell");
    }

    @ParameterizedTest
    @ValueSource(longs = {9_007_199_254_740_991L, 0})
    void publish_storedSeqFarAheadOfClock_isReplaced(long seq) throws Exception {
        long now = System.currentTimeMillis();
        get(publisher.publish(Snapshots.beat("u1", seq == 0 ? now + 3_600_000 : seq)));

        get(publisher.publish(Snapshots.beat("u1", now)));

        assertThat(commands.hget(tag + ":node:u1", "seq")).isEqualTo(Long.toString(now));
        get(publisher.publish(Snapshots.beat("u1", now - 1)));
        assertThat(commands.hget(tag + ":node:u1", "seq")).isEqualTo(Long.toString(now));
    }

    @Test
    void leave_storedSeqFarAheadOfClock_isRemoved() throws Exception {
        get(publisher.publish(Snapshots.beat("u1", 9_007_199_254_740_991L)));

        get(publisher.leave(Snapshots.leave("u1", System.currentTimeMillis())));

        assertThat(commands.exists(tag + ":node:u1")).isZero();
    }

    @Test
    void rejectedBeat_isLoggedOnce() throws Exception {
        try (CapturedLog log = CapturedLog.of(RejectedBeats.class)) {
            get(publisher.publish(Snapshots.beat("u1", 5)));
            get(publisher.publish(Snapshots.beat("u1", 4)));
            get(publisher.publish(Snapshots.beat("u1", 4)));

            assertThat(log.warnings())
                    .containsExactly("beat of u1 rejected: Redis has one with a seq of at least 4;"
                            + " trying again with every beat");
            get(publisher.publish(Snapshots.beat("u1", 6)));
            assertThat(log.lines()).contains("INFO beats of u1 are accepted again");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "publish_interval_ms, ''",
        "publish_interval_ms, nan",
        "publish_interval_ms, 1e300",
        "publish_interval_ms, -5000",
        "ttl_ms, many",
        "ttl_ms, 1",
        "writer, ''",
    })
    void publish_storedWriterInvalid_isAccepted(String field, String value) throws Exception {
        get(publisher.publish(Snapshots.beatOf("a", "u1", 1, 5_000)));
        commands.hset(tag + ":node:u1", field, value);

        assertThat(get(publisher.publish(Snapshots.beatOf("b", "u1", 2, 5_000))).outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001\u001b[31m", "<\"\\>", "ünïcode"})
    void conflict_withInvalidWriter_isReported(String writer) throws Exception {
        get(publisher.publish(Snapshots.beatOf("a", "u1", 1, 5_000)));
        commands.hset(tag + ":node:u1", "writer", writer.repeat(1_000));
        commands.hset(tag + ":node:u1", "host", writer.repeat(1_000));

        BeatResult result = get(publisher.publish(Snapshots.beatOf("b", "u1", 2, 5_000)));

        assertThat(result.outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(result.holder().id()).matches("[!-~]{1,64}");
    }

    @Test
    void publish_afterScriptFlush_reloadsScript() throws Exception {
        get(publisher.publish(Snapshots.beat("u1", 1)));
        commands.scriptFlush();

        get(publisher.publish(Snapshots.beat("u1", 2)));
        commands.scriptFlush();
        get(publisher.leave(Snapshots.leave("u1", 3)));

        assertThat(commands.exists(tag + ":node:u1", tag + ":nodes")).isZero();
    }

    @Test
    void namespaces_areIsolated() throws Exception {
        RedisTransport other = new RedisTransport(newSettings(), codec);
        SnapshotSource otherSource = other.source();
        otherSource.start(new RecordingListener());
        get(publisher.publish(Snapshots.beat("u1", 1)));

        assertThat(get(otherSource.loadAll())).isEmpty();

        otherSource.close();
        other.close();
    }

    @Test
    void partitions_allAreLoadedAndSubscribed() throws Exception {
        RedisSettings spread = new RedisSettings(settings.uri(), settings.namespace(), 8, settings.commandTimeout());
        RedisTransport other = new RedisTransport(spread, codec);
        RecordingListener listener = new RecordingListener();
        SnapshotSource all = other.source();
        SnapshotPublisher one = other.publisher();
        all.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
        for (int i = 0; i < 50; i++) {
            get(one.publish(Snapshots.beat("u" + i, 1)));
        }

        assertThat(get(all.loadAll())).hasSize(50);
        await().until(() -> listener.envelopes.size() == 50);
        for (int partition = 0; partition < 8; partition++) {
            String registry = new RedisKeyspace(settings.namespace(), 8).registry(partition);
            assertThat(commands.zcard(registry)).as(registry).isPositive();
        }

        one.close();
        all.close();
        other.close();
    }

    @Test
    void loadUnknown_nextBatchWaitsForPreviousOne() throws Exception {
        source.start(new RecordingListener());
        for (int i = 0; i < 700; i++) {
            CompletionStage<?> published = publisher.publish(Snapshots.beat("u" + i, 1));
            if (i % 100 == 99) {
                get(published);
            }
        }
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger entries = new AtomicInteger();

        get(source.loadUnknown(0, uid -> false, batch -> {
            most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            return CompletableFuture.runAsync(
                    () -> {
                        entries.addAndGet(batch.size());
                        waiting.decrementAndGet();
                    },
                    CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
        }));

        assertThat(entries).hasValue(700);
        assertThat(most).as("concurrent batches").hasValueBetween(1, 2);
    }

    @Test
    void loadUnknown_rejectedBatch_failsLoad() throws Exception {
        source.start(new RecordingListener());
        get(publisher.publish(Snapshots.beat("u1", 1)));

        CompletionStage<Void> load = source.loadUnknown(
                0, uid -> false, batch -> CompletableFuture.failedFuture(new IllegalStateException("no room")));

        assertThatThrownBy(() -> get(load)).hasMessageContaining("no room");
    }

    @Test
    void loadAll_malformedEntries_areReportedAndLeftOut() throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);
        get(publisher.publish(Snapshots.beat("good", 1)));
        addMalformedEntry("string", () -> commands.set(tag + ":node:string", "x"));
        addMalformedEntry(
                "immortal", () -> commands.hset(tag + ":node:immortal", codec.toHash(Snapshots.beat("immortal", 1))));
        addMalformedEntry("partial", () -> {
            commands.hset(tag + ":node:partial", "uid", "partial");
            commands.pexpire(tag + ":node:partial", 60_000);
        });
        addMalformedEntry("alias", () -> {
            commands.hset(tag + ":node:alias", codec.toHash(Snapshots.beat("good", 9)));
            commands.pexpire(tag + ":node:alias", 60_000);
        });
        addMalformedEntry("later", () -> {
            commands.hset(tag + ":node:later", codec.toHash(Snapshots.beat("later", 1)));
            commands.hset(tag + ":node:later", "v", "2");
            commands.pexpire(tag + ":node:later", 60_000);
        });
        addMalformedEntry("no-hash", () -> {});

        assertThat(get(source.loadAll()))
                .extracting(stored -> stored.envelope())
                .containsExactly(Snapshots.beat("good", 1));
        assertThat(listener.malformed)
                .extracting(problem -> problem.reason())
                .containsExactlyInAnyOrder(
                        Reason.BAD_FIELD,
                        Reason.NO_TTL,
                        Reason.BAD_FIELD,
                        Reason.WRONG_KEY,
                        Reason.UNSUPPORTED_VERSION);
    }

    private void addMalformedEntry(String uid, Runnable write) {
        commands.zadd(tag + ":nodes", 9_999_999_999_999.0, uid);
        write.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ping", "{\"UID\":\"x\",\"Method\":\"ping\"}", "{\"v\":2,\"node\":{}}", "\uFFFE"})
    void subscription_malformedMessage_isReported_subscriptionContinues(String garbage) throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);

        commands.publish(tag + ":snapshots", garbage);
        get(publisher.publish(Snapshots.beat("u1", 1)));

        await().until(() -> listener.envelopes.size() == 1);
        assertThat(listener.malformed).hasSize(1);
    }

    @Test
    void subscription_messageTooLarge_isReported_subscriptionContinues() throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);

        commands.publish(tag + ":snapshots", "x".repeat(10_000_000));
        get(publisher.publish(Snapshots.beat("u1", 1)));

        await().until(() -> listener.envelopes.size() == 1);
        assertThat(listener.malformed).extracting(problem -> problem.reason()).containsExactly(Reason.TOO_LARGE);
    }

    @Test
    void subscription_encodedSnapshot_isReceived() throws Exception {
        RecordingListener listener = new RecordingListener();
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);

        commands.publish(tag + ":snapshots", new String(codec.encode(Snapshots.beat("by-hand", 3)), UTF_8));

        await().untilAsserted(() -> assertThat(listener.envelopes).containsExactly(Snapshots.beat("by-hand", 3)));
    }
}
