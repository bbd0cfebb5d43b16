// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.codec.WindowCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.WindowMerge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of a window's entry in one partition, in the order in which they were uploaded: windows of nodes, and merges of them. Values
 * that are unreadable or of a later version are left out.
 */
record WindowEntry(List<Value> values) {

    /** The largest size of an entry that readers accept: that of a merge and of hundreds of windows that are not merged yet. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    /** The names under which {@code load.lua} returns the ids that other programs have added. */
    static final String USERS = "users";

    static final String CHANNELS = "channels";

    /** The number of windows that the entry had received when the value was added, and what makes the name unique. */
    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,15}):[!-~]+");

    /** A value with the name of its field. */
    record Value(long count, String name, ClusterWindow window) {}

    /** {@return the names of values among the fields of an entry, in the order in which they were uploaded} */
    static List<String> names(List<String> fields) {
        return fields.stream()
                .filter(field -> count(field) > 0)
                .sorted(Comparator.comparingLong(WindowEntry::count))
                .toList();
    }

    /** {@return the number of windows that the entry had received with this value; 0 if it is another field} */
    private static long count(String field) {
        Matcher matcher = NAME.matcher(field);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    static WindowEntry of(WindowSlot slot, Map<String, byte[]> fields) {
        List<Value> values = new ArrayList<>();
        fields.forEach((name, bytes) -> {
            long count = count(name);
            if (count > 0) {
                try {
                    values.add(new Value(count, name, WindowCodec.read(slot, bytes)));
                } catch (IllegalArgumentException e) {
                    // garbage, or of a later version
                }
            }
        });
        values.sort(Comparator.comparingLong(Value::count));
        return new WindowEntry(values);
    }

    /** {@return the merge of all values, of which there is at least one} */
    ClusterWindow merged() {
        return WindowMerge.merge(values.stream().map(Value::window).toList());
    }

    /** {@return the window as a reader has it, with the ids of other programs; null if it contains no window of a node} */
    static @Nullable ClusterWindow read(WindowSlot slot, Map<String, byte[]> fields) {
        WindowEntry entry = of(slot, fields);
        if (entry.values.isEmpty()) {
            return null;
        }
        ClusterWindow window = entry.merged();
        WindowDetail detail = window.detail();
        return window.toBuilder()
                .detail(new WindowDetail(
                        detail.timeApi(),
                        detail.timeClient(),
                        union(detail.users(), fields.get(USERS)),
                        union(detail.channels(), fields.get(CHANNELS))))
                .build();
    }

    private static @Nullable Encoded<HyperLogLog> union(
            @Nullable Encoded<HyperLogLog> ofNodes, byte @Nullable [] others) {
        HyperLogLog added = others == null
                ? null
                : Encoded.hyperLogLog(others).decodeIfReadable().orElse(null);
        if (added == null) {
            return ofNodes;
        }
        HyperLogLog.Builder union = new HyperLogLog.Builder().add(added);
        return (ofNodes == null ? union : union.add(ofNodes.decode())).build().encoded();
    }
}
