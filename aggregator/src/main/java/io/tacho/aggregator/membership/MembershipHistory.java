// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.membership;

import io.tacho.aggregator.view.ChangeBatch;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipPage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recent membership changes of the cluster. Every aggregator appends what its view has seen to the shared log, which accepts
 * each change once, and reads what the others have appended. Until a change is in the log it is pending, and listed before the
 * others; without the right to use the log an aggregator lists only what it has seen itself.
 *
 * <p>Thread safety: safe; all work is done on the given executor, which has one thread.
 */
public final class MembershipHistory implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(MembershipHistory.class);

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final long READ_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Pattern DENIED = Pattern.compile("NOPERM|user executing the script can't run");

    /** The delay after which an aggregator without permission for the log tries again. */
    private static final long DENIED_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int BATCH = 100;

    private final MembershipLog log;
    private final ClusterView view;
    private final GuardedExecutor executor;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    private final Deque<MembershipChange> pending = new ArrayDeque<>();
    private ViewCursor cursor = ViewCursor.SINCE_READY;
    private String position = MembershipLog.START;
    private List<MembershipChange> logged = List.of();
    private boolean requesting;
    private boolean denied;
    private long nextReadNanos;

    private volatile List<MembershipChange> recent = List.of();
    private volatile Map<String, MembershipChange> departures = Map.of();

    /**
     * Creates a history that has not started.
     *
     * @param scheduler of one thread
     * @param nanoTime monotonic clock
     */
    public MembershipHistory(
            MembershipLog log,
            ClusterView view,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.log = log;
        this.view = view;
        executor = new GuardedExecutor(
                scheduler, failure -> logger.error("a task of the membership history failed", failure));
        this.clock = clock;
        this.nanoTime = nanoTime;
        nextReadNanos = nanoTime.getAsLong();
    }

    /** Begins to follow the view and the log. */
    public void start() {
        executor.repeat(this::follow, Duration.ZERO, INTERVAL);
    }

    /** {@return the last changes, newest first; the same list for as long as nothing changes} */
    public List<MembershipChange> recent() {
        return recent;
    }

    /**
     * {@return the nodes whose last change is a departure, by uid, the last departure first: those among the last changes}
     */
    public Map<String, MembershipChange> departures() {
        return departures;
    }

    private void follow() {
        ChangeBatch changes = view.membershipChangesAfter(cursor);
        cursor = changes.next();
        for (NodeChange change : changes.changes()) {
            MembershipEvent event = change.kind().membershipEvent();
            if (event != null) {
                pending.add(new MembershipChange(
                        event, clock.millis(), change.node().envelope()));
            }
        }
        while (pending.size() > MembershipLog.MAX_CHANGES) {
            pending.removeFirst();
        }
        if (!changes.changes().isEmpty()) {
            update();
        }
        boolean isDue = nanoTime.getAsLong() - nextReadNanos >= 0;
        if (!requesting && (isDue || (!pending.isEmpty() && !denied))) {
            synchronize();
        }
    }

    private void synchronize() {
        List<MembershipChange> batch = pending.stream().limit(BATCH).toList();
        requesting = true;
        nextReadNanos = nanoTime.getAsLong() + READ_NANOS;
        log.append(batch, clock.millis(), position)
                .whenCompleteAsync(
                        (page, failure) -> {
                            requesting = false;
                            if (failure == null) {
                                apply(batch, page);
                            } else {
                                failed(failure);
                            }
                        },
                        executor);
    }

    private void apply(List<MembershipChange> batch, MembershipPage page) {
        denied = false;
        pending.removeAll(batch);
        position = page.position();
        if (page.isComplete()) {
            logged = page.changes();
        } else if (!page.changes().isEmpty()) {
            logged = Stream.concat(page.changes().stream(), logged.stream())
                    .limit(MembershipLog.MAX_CHANGES)
                    .toList();
        } else if (batch.isEmpty()) {
            return;
        }
        update();
    }

    private void failed(Throwable failure) {
        String message = Failures.message(failure);
        if (!DENIED.matcher(message).find()) {
            // the collector reports an unreachable Redis
            logger.debug("membership log: {}", message);
            return;
        }
        nextReadNanos = nanoTime.getAsLong() + DENIED_NANOS;
        if (!denied) {
            denied = true;
            logger.warn("membership changes are not shared between aggregators: {}", message);
        }
    }

    private void update() {
        List<MembershipChange> all = new ArrayList<>(pending.size() + logged.size());
        pending.descendingIterator().forEachRemaining(all::add);
        all.addAll(logged);
        List<MembershipChange> changes = List.copyOf(all.subList(0, Math.min(all.size(), MembershipLog.MAX_CHANGES)));
        Map<String, MembershipChange> last = new LinkedHashMap<>();
        changes.forEach(change -> last.putIfAbsent(change.node().uid(), change));
        last.values().removeIf(change -> !change.event().isDeparture());
        departures = Collections.unmodifiableMap(last);
        recent = changes;
    }

    /** Closes the log; the executor is closed by its owner. */
    @Override
    public void close() {
        log.close();
    }
}
