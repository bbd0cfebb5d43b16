// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. Without any key everything is open.
 *
 * @param admin is good for everything, and signs v1 requests; null where there is none
 * @param readers are good for reading
 */
public record ApiKeys(@Nullable ApiSecret admin, List<ApiSecret> readers) {

    /** Everything is open. */
    public static final ApiKeys NONE = new ApiKeys(null, List.of());

    public ApiKeys {
        readers = List.copyOf(readers);
    }

    /** Whether no key is wanted. */
    public boolean isOpen() {
        return admin == null && readers.isEmpty();
    }

    /** What is new beside those before, in words without the keys; empty for nothing. */
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
