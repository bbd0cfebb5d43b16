// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The state of the subscription to the store, for each partition. Each subscription has an id, by which a response to a request of
 * an earlier subscription is recognized. The collector changes the state; readers use the {@link ViewStatus} that is derived from
 * it.
 *
 * <p>The view is ready for the first time when all partitions are loaded, or, if some are unreachable from the start, a few
 * seconds after the others. From then on it is ready while at least one partition is.
 *
 * <p>Thread safety: safe.
 */
public final class SubscriptionState {

    private static final long NEVER = -1;

    /** For so long after the first partition was loaded, the first readiness waits for partitions that are not subscribed. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(3);

    private enum Phase {
        /** Not subscribed. */
        DISCONNECTED,
        /** Subscribed; what was there before is not loaded yet. */
        LOADING,
        /** Subscribed, but the store did not respond: changes may have been missed. */
        FAILED,
        /** Subscribed, and everything is loaded. */
        READY;

        String label() {
            return switch (this) {
                case READY -> "connected";
                case FAILED -> "not_responding";
                case LOADING -> "loading";
                case DISCONNECTED -> "disconnected";
            };
        }
    }

    /**
     * The status of one partition.
     *
     * @param state {@code connected}, {@code loading}, {@code not_responding} or {@code disconnected}
     * @param staleFor the time for which changes may have been missed; zero if it is connected
     */
    public record PartitionStatus(String state, Duration staleFor) {}

    private static final class Partition {
        Phase phase = Phase.DISCONNECTED;
        long subscription;
        long staleSinceNanos;
        boolean everLoaded;
    }

    private final LongSupplier nanoTime;
    private final LongSupplier version;
    private final Partition[] partitions;
    private final ViewStatus complete;

    /** Written under the lock, read without it by every request. */
    private volatile boolean isComplete;

    private long firstPartitionNanos = NEVER;
    private long firstReadyVersion = NEVER;
    private boolean closed;

    /**
     * Creates the state of a view that was never subscribed.
     *
     * @param version returns the version of the view
     */
    SubscriptionState(int partitions, LongSupplier nanoTime, LongSupplier version) {
        this.nanoTime = nanoTime;
        this.version = version;
        long now = nanoTime.getAsLong();
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(number -> {
                    Partition partition = new Partition();
                    partition.staleSinceNanos = now;
                    return partition;
                })
                .toArray(Partition[]::new);
        complete = ViewStatus.complete(partitions);
    }

    /** Records a new subscription of a partition and returns its id. */
    public synchronized long onSubscribed(int partition) {
        return change(partition, Phase.LOADING, nanoTime.getAsLong(), true);
    }

    /** Records the end of a partition's subscription, unless the disconnect was expected. */
    public synchronized void onDisconnected(int partition) {
        if (!closed) {
            change(partition, Phase.DISCONNECTED, nanoTime.getAsLong(), true);
        }
    }

    /**
     * Records that the store did not respond, and returns whether the partition was not stale before. It is stale until all of it is
     * loaded again.
     *
     * @param requestedNanos when the request was sent
     */
    public synchronized boolean onRequestFailed(int partition, long subscriptionId, long requestedNanos) {
        Phase phase = partitions[partition].phase;
        boolean isNews =
                isCurrent(partition, subscriptionId) && (phase == Phase.READY || phase == Phase.LOADING) && !closed;
        if (isNews) {
            change(partition, Phase.FAILED, requestedNanos, false);
        }
        return isNews;
    }

    /** Records that a partition is loaded, and returns whether this is its current subscription; of an earlier one nothing is recorded. */
    public synchronized boolean onLoaded(int partition, long subscriptionId) {
        if (!isCurrent(partition, subscriptionId)) {
            return false;
        }
        partitions[partition].phase = Phase.READY;
        partitions[partition].everLoaded = true;
        if (firstPartitionNanos == NEVER) {
            firstPartitionNanos = nanoTime.getAsLong();
        }
        isComplete = all(state -> state.phase == Phase.READY);
        if (isComplete) {
            becomeReady();
        }
        return true;
    }

    private long change(int number, Phase phase, long nanos, boolean endsSubscription) {
        Partition partition = partitions[number];
        if (partition.phase == Phase.READY) {
            partition.staleSinceNanos = nanos;
        }
        partition.phase = phase;
        isComplete = false;
        return endsSubscription ? ++partition.subscription : partition.subscription;
    }

    /** Makes the view ready without the partitions that cannot be reached, if it was never ready and the others are loaded. To be called often. */
    public synchronized void becomeReadyWithoutUnreachable() {
        if (firstReadyVersion == NEVER
                && firstPartitionNanos != NEVER
                && nanoTime.getAsLong() - firstPartitionNanos >= START_NANOS
                && all(partition -> partition.phase != Phase.LOADING)) {
            becomeReady();
        }
    }

    private void becomeReady() {
        if (firstReadyVersion == NEVER) {
            firstReadyVersion = version.getAsLong();
        }
    }

    private boolean all(Predicate<Partition> condition) {
        return Arrays.stream(partitions).allMatch(condition);
    }

    /** {@return the version of the view when it became ready for the first time; -1 before} */
    synchronized long firstReadyVersion() {
        return firstReadyVersion;
    }

    /** {@return whether the view is ready already, but has never contained the nodes of the partition} */
    synchronized boolean isLateFirstLoad(int partition) {
        return firstReadyVersion != NEVER && !partitions[partition].everLoaded;
    }

    /** {@return whether a partition is subscribed and everything is loaded} */
    public boolean isReady(int partition) {
        return isComplete || isReadyAlone(partition);
    }

    private synchronized boolean isReadyAlone(int partition) {
        return partitions[partition].phase == Phase.READY;
    }

    /** {@return whether this is the id of the current subscription of a partition} */
    public synchronized boolean isCurrent(int partition, long subscriptionId) {
        return partitions[partition].phase != Phase.DISCONNECTED
                && partitions[partition].subscription == subscriptionId;
    }

    /** {@return the id of the current subscription of a partition} */
    public synchronized long subscriptionId(int partition) {
        return partitions[partition].subscription;
    }

    ViewStatus status() {
        return isComplete ? complete : partialStatus();
    }

    private synchronized ViewStatus partialStatus() {
        long now = nanoTime.getAsLong();
        long staleNanos = 0;
        int disconnected = 0;
        for (Partition partition : partitions) {
            if (partition.phase != Phase.READY) {
                disconnected++;
                staleNanos = Math.max(staleNanos, now - partition.staleSinceNanos);
            }
        }
        boolean isReady = firstReadyVersion != NEVER && disconnected < partitions.length;
        return new ViewStatus(isReady, Duration.ofNanos(staleNanos), partitions.length, disconnected);
    }

    /** {@return the status of each partition} */
    public synchronized List<PartitionStatus> partitionStatuses() {
        long now = nanoTime.getAsLong();
        return Arrays.stream(partitions)
                .map(partition -> new PartitionStatus(
                        partition.phase.label(),
                        partition.phase == Phase.READY
                                ? Duration.ZERO
                                : Duration.ofNanos(now - partition.staleSinceNanos)))
                .toList();
    }

    /** {@return whether every partition has been loaded once: none of its nodes is missing from the view} */
    synchronized boolean isEveryPartitionLoadedOnce() {
        return all(partition -> partition.everLoaded);
    }

    /** Records that the collector is closed: its disconnects do not make the view stale. */
    public synchronized void onClosed() {
        closed = true;
    }
}
