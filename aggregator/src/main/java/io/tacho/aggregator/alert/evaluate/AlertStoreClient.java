// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.concurrent.Failures;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the alerts in the alert store, and acquires and renews the lease of the leader. Keeps the last known alerts, and
 * whether this aggregator is the leader that changes them. The leader restores the alerts if the store has lost them; another
 * aggregator reads what the store has, unless it is empty, so that it can restore the alerts when it becomes the leader.
 *
 * <p>Thread safety: confined to the given executor.
 */
public final class AlertStoreClient {

    private static final Logger logger = LoggerFactory.getLogger(AlertStoreClient.class);

    private final AlertStore store;
    private final Executor executor;
    private final RateLimitedLog rateLimitedLog;
    private final Queue<Runnable> waitingActions = new ArrayDeque<>();

    private Map<String, Alert> alerts = Map.of();
    private List<StoredSilence> silences = List.of();
    private long version;
    private boolean mustRestore;
    private boolean isLeader;
    private boolean isCallPending;

    /**
     * Creates a client that has read no alerts.
     *
     * @param executor runs all callbacks
     */
    public AlertStoreClient(AlertStore store, Executor executor, RateLimitedLog rateLimitedLog) {
        this.store = store;
        this.executor = executor;
        this.rateLimitedLog = rateLimitedLog;
    }

    /** Returns the alerts by key, as of the last response of the store. */
    public Map<String, Alert> alerts() {
        return alerts;
    }

    /** Returns the silences that were created by the API, as of the last response of the store that had them. */
    public List<StoredSilence> silences() {
        return silences;
    }

    /** {@return true if this aggregator held the lease at the last response of the store} */
    public boolean isLeader() {
        return isLeader;
    }

    /**
     * Renews the lease and exchanges the alerts with the store: the leader writes its changes, another aggregator reads those of the
     * leader. Does nothing while the previous call is pending, not even call {@code onCompleted}; see {@link #whenIdle}.
     *
     * @param edit makes the changes; called only if this aggregator is the leader
     * @param onStored called with the changes once they are stored
     * @param onCompleted called last, whether or not the call succeeded
     */
    public void syncWithStore(Consumer<AlertChangeSet> edit, Consumer<AlertChangeSet> onStored, Runnable onCompleted) {
        if (isCallPending) {
            return;
        }
        AlertChangeSet changes = new AlertChangeSet(alerts);
        AlertStoreUpdate update = AlertStoreUpdate.NONE;
        if (isLeader) {
            edit.accept(changes);
            update = changes.toStoreUpdate(mustRestore, silences);
        }
        whenCompleted(
                store.renewLease(version, update),
                response -> {
                    isLeader = response.lease() != Lease.NOT_HELD;
                    if (response.applied()) {
                        alerts = changes.alertsByKey();
                        silences = silences.stream()
                                .filter(silence -> !changes.isRemoved(silence))
                                .toList();
                        version = response.version();
                        mustRestore = false;
                        onStored.accept(changes);
                    } else {
                        readAlerts(response);
                    }
                },
                onCompleted);
    }

    /** Runs an action now or, while a call is pending, after it has completed. */
    public void whenIdle(Runnable action) {
        if (isCallPending) {
            waitingActions.add(action);
        } else {
            action.run();
        }
    }

    /** Releases the lease if this aggregator is the leader, so that another aggregator becomes the leader. */
    public void releaseLease() {
        if (isLeader && !isCallPending) {
            isLeader = false;
            whenCompleted(store.releaseLease(version), this::readAlerts, () -> {});
        }
    }

    private void whenCompleted(
            CompletionStage<AlertStoreResponse> call, Consumer<AlertStoreResponse> onResponse, Runnable onCompleted) {
        isCallPending = true;
        call.whenCompleteAsync(
                (response, failure) -> {
                    isCallPending = false;
                    runLogged(() -> {
                        if (failure == null) {
                            onResponse.accept(response);
                        } else {
                            onFailure(failure);
                        }
                        onCompleted.run();
                    });
                    while (!isCallPending && !waitingActions.isEmpty()) {
                        runLogged(waitingActions.remove());
                    }
                },
                executor);
    }

    /** Runs a callback of a call, whose stage is not observed. */
    private static void runLogged(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            logger.error("alerts: an evaluation failed; the next one runs within a second", e);
        }
    }

    private void onFailure(Throwable failure) {
        isLeader = false;
        if (rateLimitedLog.isDue("alert-store")) {
            logger.warn(
                    "alerts: cannot reach the alert store in Redis: {}; no notifications are sent until it responds",
                    Failures.message(failure));
        }
    }

    private void readAlerts(AlertStoreResponse response) {
        @Nullable Map<String, String> entries = response.entries();
        if (entries == null) {
            return;
        }
        boolean isLost = response.lease() != Lease.NOT_HELD || response.version() == 0;
        mustRestore = isLost && response.version() < version;
        if (mustRestore) {
            return;
        }
        Map<String, Alert> read = new HashMap<>();
        entries.forEach((key, entry) -> StoredAlertJson.fromJson(entry)
                .filter(alert -> alert.key().equals(key))
                .ifPresent(alert -> read.put(key, alert)));
        alerts = Map.copyOf(read);
        silences = entries.entrySet().stream()
                .filter(entry -> StoredSilence.isKey(entry.getKey()))
                .flatMap(entry -> silence(entry.getKey(), entry.getValue()).stream())
                .sorted(Comparator.comparing(
                                (StoredSilence silence) -> silence.silence().endsAt())
                        .thenComparing(StoredSilence::id))
                .toList();
        version = response.version();
    }

    private Optional<StoredSilence> silence(String key, String entry) {
        Optional<StoredSilence> silence = StoredSilence.fromJson(key, entry);
        if (silence.isEmpty() && rateLimitedLog.isDue("alert-store-silence")) {
            logger.warn("alerts: invalid silence {} in the alert store (expected: JSON with the id of its key)", key);
        }
        return silence;
    }
}
