// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the API. Without any key, all endpoints are open.
 *
 * @param admin has every role, and signs v1 requests; null if there is none
 * @param readers the keys that may read
 */
public record ApiKeys(@Nullable ApiSecret admin, List<ApiSecret> readers) {

    /** No keys: all endpoints are open. */
    public static final ApiKeys NONE = new ApiKeys(null, List.of());

    public ApiKeys {
        readers = List.copyOf(readers);
    }

    /** Returns whether there is no key. */
    public boolean isOpen() {
        return admin == null && readers.isEmpty();
    }

    /** Returns a description of the difference from the keys before, without the keys; empty if there is none. */
    public String changesSince(ApiKeys before) {
        List<String> changes = new ArrayList<>();
        if (admin == null ? before.admin != null : !admin.isSameAs(before.admin)) {
            changes.add(admin == null ? "no api-secret any more" : "another api-secret");
        }
        long added = readers.stream().filter(key -> !isIn(before.readers, key)).count();
        long removed =
                before.readers.stream().filter(key -> !isIn(readers, key)).count();
        if (added + removed > 0) {
            changes.add("read keys: " + added + " new, " + removed + " gone, " + readers.size() + " in force");
        }
        return String.join("; ", changes);
    }

    private static boolean isIn(List<ApiSecret> keys, ApiSecret key) {
        return keys.stream().anyMatch(key::isSameAs);
    }
}
