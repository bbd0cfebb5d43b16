// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The families of a page.
 *
 * @param nodes whether families with one sample per node are included
 * @param names the only families, without suffixes such as {@code _total}; empty for all
 */
public record FamilySelection(boolean nodes, Set<String> names) {

    /** All families. */
    public static final FamilySelection ALL = new FamilySelection(true, Set.of());

    private static final int MAX_SHOWN = 80;
    private static final Pattern SUFFIX = Pattern.compile("_(total|info|count|sum|bucket)$");

    /** The families of extra values, whose names the nodes choose. */
    private static final Pattern EXTRA = Pattern.compile("tacho_(node|cluster)_(extra|timer)_[a-zA-Z0-9_]+");

    /** Copies the names. */
    public FamilySelection {
        names = Set.copyOf(names);
    }

    /**
     * Selects families by name, with or without the suffix of their samples.
     *
     * @param names none for all
     * @param known the names of all families, without suffixes
     * @throws IllegalArgumentException if there is no family of that name
     */
    static FamilySelection of(boolean nodes, List<String> names, Collection<String> known) {
        Set<String> selected = new TreeSet<>();
        for (String name : names) {
            String family = SUFFIX.matcher(name).replaceFirst("");
            if (!known.contains(family) && !EXTRA.matcher(family).matches()) {
                String shown = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
                throw new IllegalArgumentException(
                        "name[]: '" + shown + "' (expected: a family of /metrics, e.g. tacho_cluster_clients)");
            }
            selected.add(family);
        }
        return new FamilySelection(nodes && selected.stream().anyMatch(FamilySelection::isOfNodes), selected);
    }

    /** Returns whether the page has a family. */
    boolean includes(String family) {
        return (nodes || !isOfNodes(family)) && (names.isEmpty() || names.contains(family));
    }

    private static boolean isOfNodes(String family) {
        return family.equals("tacho_node") || family.startsWith("tacho_node_");
    }
}
