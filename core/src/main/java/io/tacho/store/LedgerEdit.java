// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.Map;
import java.util.Set;

/**
 * A change of the {@link AlertLedger}; it becomes the version after the known one.
 *
 * @param whole whether {@code put} replaces all that stands there, whatever its version; if not, what stands there has to be of
 *     the known version
 * @param put entries by their keys, which contain a slash
 * @param removed keys of entries that go
 */
public record LedgerEdit(boolean whole, Map<String, String> put, Set<String> removed) {

    /** No change. */
    public static final LedgerEdit NONE = new LedgerEdit(false, Map.of(), Set.of());

    public LedgerEdit {
        put = Map.copyOf(put);
        removed = Set.copyOf(removed);
        put.keySet().stream().filter(key -> key.indexOf('/') < 0).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException("key: " + key + " (expected: one with a slash)");
        });
    }

    public boolean isEmpty() {
        return !whole && put.isEmpty() && removed.isEmpty();
    }
}
