// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.store.LedgerEdit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The alerts as they are about to be, and what that changes.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Draft {

    private final Map<String, Alert> alerts;
    private final Set<String> put = new HashSet<>();
    private final Set<String> removed = new HashSet<>();

    Draft(Map<String, Alert> alerts) {
        this.alerts = new TreeMap<>(alerts);
    }

    @Nullable
    Alert get(String key) {
        return alerts.get(key);
    }

    /** All of them now; may be changed meanwhile. */
    List<Alert> all() {
        return List.copyOf(alerts.values());
    }

    int size() {
        return alerts.size();
    }

    void put(Alert alert) {
        alerts.put(alert.key(), alert);
        put.add(alert.key());
        removed.remove(alert.key());
    }

    void remove(Alert alert) {
        alerts.remove(alert.key());
        removed.add(alert.key());
        put.remove(alert.key());
    }

    Map<String, Alert> alerts() {
        return Map.copyOf(alerts);
    }

    /** @param whole whether everything is to be written, whatever stands there */
    LedgerEdit edit(boolean whole) {
        Map<String, String> entries = alerts.values().stream()
                .filter(alert -> whole || put.contains(alert.key()))
                .collect(Collectors.toMap(Alert::key, AlertJson::write));
        return new LedgerEdit(whole, entries, whole ? Set.of() : removed);
    }
}
