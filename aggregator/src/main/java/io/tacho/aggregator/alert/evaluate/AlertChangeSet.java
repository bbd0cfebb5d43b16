// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.store.alerts.AlertStoreUpdate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A copy of all alerts and the changes made to it, which are written to the alert store together.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class AlertChangeSet {

    private final Map<String, Alert> alerts;
    private final Set<String> putKeys = new HashSet<>();
    private final Set<String> removedKeys = new HashSet<>();

    /** Creates a copy without changes. */
    public AlertChangeSet(Map<String, Alert> alerts) {
        this.alerts = new TreeMap<>(alerts);
    }

    /** Returns the alert of a key, or null if there is none. */
    @Nullable
    Alert get(String key) {
        return alerts.get(key);
    }

    /** Returns a copy of all alerts, ordered by key. */
    public List<Alert> allAlerts() {
        return List.copyOf(alerts.values());
    }

    /** Returns the number of alerts. */
    int size() {
        return alerts.size();
    }

    /** Adds an alert, or replaces the one with the same key. */
    void put(Alert alert) {
        alerts.put(alert.key(), alert);
        putKeys.add(alert.key());
        removedKeys.remove(alert.key());
    }

    /** Removes the alert with the same key. */
    void remove(Alert alert) {
        alerts.remove(alert.key());
        removedKeys.add(alert.key());
        putKeys.remove(alert.key());
    }

    boolean isRemoved(StoredSilence silence) {
        return removedKeys.contains(silence.key());
    }

    /** Removes a silence. */
    public void remove(StoredSilence silence) {
        removedKeys.add(silence.key());
    }

    /** Records that the webhook accepted a notification: marks a firing alert as notified and removes a resolved one. */
    public void markNotified(Alert alert) {
        if (alert.isResolved()) {
            remove(alert);
        } else {
            put(alert.asNotified());
        }
    }

    /** Returns a copy of all alerts by key. */
    public Map<String, Alert> alertsByKey() {
        return Map.copyOf(alerts);
    }

    /**
     * Returns the changes as an update of the alert store.
     *
     * @param replacesAll true to replace all stored alerts and silences by those of this copy
     * @param silences all silences
     */
    AlertStoreUpdate toStoreUpdate(boolean replacesAll, List<StoredSilence> silences) {
        Map<String, String> entries = alerts.values().stream()
                .filter(alert -> replacesAll || putKeys.contains(alert.key()))
                .collect(Collectors.toMap(Alert::key, StoredAlertJson::toJson));
        if (replacesAll) {
            silences.forEach(silence -> entries.put(silence.key(), silence.toJson()));
        }
        return new AlertStoreUpdate(replacesAll, entries, replacesAll ? Set.of() : removedKeys);
    }
}
