// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisFailureLog;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.HistoryMark;
import io.tacho.store.MembershipLog;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.NodeCommands;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TierRetention;
import io.tacho.store.WindowHistory;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.testing.AclRules;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Revokes each permission of the documented ACL of a deployment at run time, and grants it again. */
abstract class RedisPermissionsContract {

    /** The longest backoff, plus tolerance for a loaded machine. */
    static final Duration RECOVERY = Duration.ofSeconds(10);

    private final AtomicLong seq = new AtomicLong();
    private RecordingListener listener;
    CapturedLog log;
    private RedisTransport agentSide;
    private RedisTransport aggregatorSide;
    SnapshotPublisher publisher;
    private SnapshotSource source;
    private WindowHistory history;
    private PeriodStore periods;
    AlertStore alerts;
    MembershipLog membership;
    private NodeCommands commands;

    /** {@return the name of the deployment in the marker above the rules in core/README.md} */
    abstract String deployment();

    /** {@return administrator connections to every server} */
    abstract List<RedisCommands<String, String>> admins();

    abstract RedisSettings settings();

    /** {@return permissions that are granted but not needed by the tested operations} */
    abstract Set<String> unused();

    final void start(RedisSettings agent, RedisSettings aggregator) {
        log = CapturedLog.of(RedisFailureLog.class);
        agentSide = new RedisTransport(agent, new SnapshotCodec());
        aggregatorSide = new RedisTransport(aggregator, new SnapshotCodec());
        publisher = agentSide.publisher();
        source = aggregatorSide.source();
        history = aggregatorSide.history();
        periods = aggregatorSide.periods(TierRetention.DEFAULT);
        alerts = aggregatorSide.alertStore(Duration.ofMinutes(1));
        membership = aggregatorSide.membershipLog();
        commands = aggregatorSide.commands();
        source.start(listener);
    }

    @BeforeEach
    void start() {
        listener = new RecordingListener(settings().partitions());
        start(settings("tacho-agent"), settings("tacho-aggregator"));
        await().atMost(Duration.ofSeconds(30)).until(() -> failures().isEmpty() && isSubscribed());
    }

    final RedisSettings settings(String user) {
        return settings().withCredentials(new RedisCredentials(user, AclRules.PASSWORD, null, null));
    }

    @AfterEach
    void stop() throws IOException {
        log.close();
        Stream.<AutoCloseable>of(
                        publisher, source, history, periods, alerts, membership, commands, agentSide, aggregatorSide)
                .forEach(RedisPermissionsContract::close);
        for (String rule : rules()) {
            setUser(rule);
        }
        admins().forEach(RedisCommands::flushall);
    }

    final List<String> rules() throws IOException {
        return AclRules.lines(deployment());
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    final RecordingListener listener() {
        return listener;
    }

    final void setUser(String rule) {
        setUser(rule, admins());
    }

    static void setUser(String rule, List<RedisCommands<String, String>> servers) {
        servers.forEach(admin -> AclRules.setUser(rule, admin));
    }

    /** Returns every permission of every rule in core/README.md. */
    static Stream<String[]> permissions(String deployment) throws IOException {
        return AclRules.lines(deployment).stream()
                .flatMap(rule -> AclRules.permissions(rule).stream()
                        .map(permission -> new String[] {permission[0], rule, permission[1]}));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("permissions")
    void permission_revokedAndGranted_isReportedAndRecovers(String permission, String rule, String without) {
        setUser(without);
        for (RedisCommands<String, String> admin : admins()) {
            admin.scriptFlush();
            admin.flushall();
            admin.clientKill(KillArgs.Builder.typePubsub());
        }

        List<String> failed = failures();

        // permissions granted by selectors are needed by some calls only
        boolean inSelector = without.indexOf('(') == rule.indexOf('(') && rule.contains("(");
        boolean needed = !inSelector && !unused().contains(permission);
        if (needed) {
            await().atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(failed.isEmpty()
                                    && isSubscribed()
                                    && log.warnings().isEmpty())
                            .as("everything works without %s", permission)
                            .isFalse());
        }
        if (!failed.isEmpty()) {
            String user = rule.split(" ")[1];
            await().atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(log.warnings())
                            .anySatisfy(line -> assertThat(line)
                                    .startsWith("permission denied by Redis at "
                                            + settings().address() + ", user " + user)));
        }
        setUser(rule);
        await().atMost(RECOVERY).untilAsserted(() -> {
            assertThat(failures()).isEmpty();
            assertThat(isSubscribed()).as("subscribed").isTrue();
        });
        assertThat(log.warnings()).as("once per change").doesNotHaveDuplicates();
    }

    final boolean isSubscribed() {
        return listener.subscribed.get() > listener.disconnected.get();
    }

    /** {@return the names of the agent and aggregator operations that fail} */
    final List<String> failures() {
        long now = seq.incrementAndGet();
        String uid = "u" + now;
        Map<String, Supplier<CompletionStage<?>>> all = Map.of(
                "beat", () -> publisher.publish(Snapshots.beat(uid, now)),
                "leave", () -> publisher.leave(Snapshots.leave(uid, now + 1)),
                "upload", () -> publisher.upload(batch(uid, 0, 1, minute(SLOT, 1))),
                "load",
                        () -> publisher
                                .publish(Snapshots.beat(uid + "l", now))
                                .handle((done, failure) -> null)
                                .thenCompose(done -> source.loadAll()),
                "history", () -> history.changedSince(HistoryMark.START, 10),
                "periods",
                        () -> periods.index(Tier.WINDOW)
                                .thenCompose(index -> periods.rollUp(
                                        new Period(Tier.HOUR, SLOT / 1_000, 3_600),
                                        List.copyOf(index.changes().keySet())))
                                .thenCompose(changed -> periods.index(Tier.HOUR)),
                "alerts", () -> alerts.renewLease(0, new AlertStoreUpdate(true, Map.of("a/" + uid, "1"), Set.of())),
                "release", () -> alerts.releaseLease(0),
                "command",
                        () -> commands.send(uid + "c", NodeCommand.of(Action.DRAIN), Duration.ofMinutes(1))
                                .thenCompose(sent -> publisher.publish(Snapshots.beat(uid + "c", now)))
                                .thenAccept(result -> Objects.requireNonNull(result.command(), "no command received")),
                "membership",
                        () -> membership.append(
                                List.of(new MembershipChange(MembershipEvent.JOINED, 1, Snapshots.beat(uid, now))),
                                2,
                                MembershipLog.START));
        List<String> failed = new ArrayList<>();
        for (String operation : List.of(
                "beat",
                "load",
                "upload",
                "leave",
                "history",
                "periods",
                "alerts",
                "release",
                "membership",
                "command")) {
            try {
                all.get(operation).get().toCompletableFuture().get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                failed.add(operation + ": " + e.getMessage());
            }
        }
        return failed;
    }
}
