// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query of {@code stats}: some of the nodes, in another order, or with some of the fields. */
public final class StatsQuery {

    private static final Set<String> PARAMETERS =
            Set.of("node", "name", "label", "sort", "order", "limit", "offset", "fields");

    private final NodeFilter filter;
    private final @Nullable Field sort;
    private final boolean descending;
    private final int limit;
    private final int offset;
    private final Set<Field> fields;

    /**
     * A query with these parameters.
     *
     * @throws IllegalArgumentException naming the invalid parameter, with the found and the expected value
     */
    public StatsQuery(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        filter = NodeFilter.of(query);
        String by = query.single("sort");
        sort = by == null ? null : field("sort", by);
        descending = descending(query.single("order"));
        limit = query.count("limit", Integer.MAX_VALUE);
        offset = query.count("offset", 0);
        fields = fields(query.single("fields"));
    }

    private static boolean descending(@Nullable String order) {
        if (order == null || order.equals("asc")) {
            return false;
        }
        if (order.equals("desc")) {
            return true;
        }
        throw new IllegalArgumentException("order: '" + QueryParameters.shown(order) + "' (expected: asc or desc)");
    }

    private static Field field(String parameter, String key) {
        Field field = Field.of(key);
        if (field == null) {
            throw new IllegalArgumentException(parameter + ": '" + QueryParameters.shown(key) + "' (expected: one of "
                    + String.join(", ", Field.wireNames()) + ")");
        }
        return field;
    }

    private static Set<Field> fields(@Nullable String list) {
        Set<Field> fields = EnumSet.noneOf(Field.class);
        if (list != null) {
            for (String key : list.split(",", -1)) {
                fields.add(field("fields", key));
            }
        }
        return fields;
    }

    /** Returns the entries of the selected nodes, UTF-8 JSON. */
    List<byte[]> entries(List<KnownNode> all) {
        List<KnownNode> found = new ArrayList<>();
        for (KnownNode node : all) {
            if (filter.takes(node.envelope())) {
                found.add(node);
            }
        }
        if (sort != null) {
            found.sort(comparator(sort));
        } else if (descending) {
            Collections.reverse(found);
        }
        int from = Math.min(offset, found.size());
        int to = (int) Math.min((long) from + limit, found.size());
        List<byte[]> entries = new ArrayList<>(to - from);
        for (KnownNode node : found.subList(from, to)) {
            entries.add(fields.isEmpty() ? node.json() : projected(node));
        }
        return entries;
    }

    private Comparator<KnownNode> comparator(Field by) {
        Comparator<KnownNode> comparator = by.isNumber()
                ? Comparator.comparingLong(node -> node.envelope().snapshot().number(by))
                : Comparator.comparing(node -> node.envelope().snapshot().text(by));
        return descending ? comparator.reversed() : comparator;
    }

    private byte[] projected(KnownNode node) {
        StringBuilder entry = new StringBuilder(32 * fields.size());
        char separator = '{';
        for (Field field : fields) {
            entry.append(separator).append('"').append(field.wireName()).append("\":");
            separator = ',';
            if (field.isNumber()) {
                entry.append(node.envelope().snapshot().number(field));
            } else {
                entry.append(new String(ApiJson.write(node.envelope().snapshot().text(field)), UTF_8));
            }
        }
        return entry.append('}').toString().getBytes(UTF_8);
    }
}
