// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.alerts;

import java.util.Map;
import java.util.Set;

/**
 * A change of the {@link AlertStore}. It creates the version that follows the known one.
 *
 * @param replacesAll true if {@code put} replaces all entries, whatever version is stored; false if the update applies to the known
 *     version only
 * @param put entries by key; a key contains a slash
 * @param removed keys of entries to remove
 */
public record AlertStoreUpdate(boolean replacesAll, Map<String, String> put, Set<String> removed) {

    /** No change. */
    public static final AlertStoreUpdate NONE = new AlertStoreUpdate(false, Map.of(), Set.of());

    public AlertStoreUpdate {
        put = Map.copyOf(put);
        removed = Set.copyOf(removed);
        put.keySet().stream().filter(key -> key.indexOf('/') < 0).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException("key: " + key + " (expected: one with a slash)");
        });
    }

    /** {@return true if the update changes nothing} */
    public boolean isEmpty() {
        return !replacesAll && put.isEmpty() && removed.isEmpty();
    }
}
