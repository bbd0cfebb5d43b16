// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A filter of events; an empty set matches everything.
 *
 * @param types of {@link #TYPES}
 * @param uids of nodes
 * @param names of nodes
 */
public record EventFilter(Set<String> types, Set<String> uids, Set<String> names) {

    /** The types of events that can be selected: those about nodes, and that about outliers. */
    public static final List<String> TYPES = Stream.concat(
                    Stream.of(NodeChange.Kind.values()).map(EventFilter::type), Stream.of(OutlierEvents.TYPE))
            .toList();

    /** A filter that matches every event. */
    public static final EventFilter ALL = new EventFilter(Set.of(), Set.of(), Set.of());

    /**
     * Creates a filter.
     *
     * @throws IllegalArgumentException if a type is none of {@link #TYPES}
     */
    public EventFilter {
        types = Set.copyOf(types);
        uids = Set.copyOf(uids);
        names = Set.copyOf(names);
        Set<String> unknown = new HashSet<>(types);
        unknown.removeAll(TYPES);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "types: " + unknown.stream().sorted().collect(Collectors.joining(",")) + " (expected: of "
                            + String.join(",", TYPES) + ")");
        }
    }

    /** Returns whether the event about a change passes the filter. */
    boolean matches(NodeChange change) {
        KnownNode node = change.node();
        return matchesType(type(change.kind())) && matchesNode(node.uid(), node.name());
    }

    boolean matchesType(String type) {
        return types.isEmpty() || types.contains(type);
    }

    boolean matchesNode(String uid, String name) {
        return (uids.isEmpty() || uids.contains(uid)) && (names.isEmpty() || names.contains(name));
    }

    /** Returns the type of the event about a kind of change. */
    static String type(NodeChange.Kind kind) {
        return kind == NodeChange.Kind.UPDATED ? "snapshot" : kind.name().toLowerCase(Locale.ROOT);
    }
}
