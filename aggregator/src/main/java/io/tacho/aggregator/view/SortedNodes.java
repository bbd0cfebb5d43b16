// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the view, ordered by name, then uid, and the names that several nodes share.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class SortedNodes {

    private record Place(String name, String uid) {
        static final Comparator<Place> ORDER = Comparator.comparing(Place::name).thenComparing(Place::uid);

        static Place of(KnownNode node) {
            return new Place(node.name(), node.uid());
        }
    }

    /** A beat may be late by half of its interval, and by this. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final TreeMap<Place, NodeHolder> holders = new TreeMap<>(Place.ORDER);
    /** The holders in order, which only joining and leaving nodes change; null after such a change. */
    private NodeHolder @Nullable [] ordered;

    private final Map<String, Integer> nodeCountByName = new HashMap<>();
    /** The number of names with more than one node: if 0, no search is needed. */
    private int sharedNames;

    /** Adds a node by its current name. */
    void add(NodeHolder holder) {
        KnownNode node = holder.node();
        ordered = null;
        if (holders.put(Place.of(node), holder) == null && nodeCountByName.merge(node.name(), 1, Integer::sum) == 2) {
            sharedNames++;
        }
    }

    /** Removes a node by the name that it was added with. */
    void remove(KnownNode node) {
        ordered = null;
        if (holders.remove(Place.of(node)) == null) {
            return;
        }
        Integer left = nodeCountByName.merge(node.name(), -1, (count, minus) -> count > 1 ? count - 1 : null);
        if (left != null && left == 1) {
            sharedNames--;
        }
    }

    /** Returns the nodes in order, an immutable list. */
    List<KnownNode> nodes() {
        if (ordered == null) {
            ordered = holders.values().toArray(NodeHolder[]::new);
        }
        KnownNode[] nodes = new KnownNode[ordered.length];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = ordered[i].node();
        }
        return List.of(nodes);
    }

    /** Returns the nodes of each name that more than one node has. */
    Map<String, List<KnownNode>> nodesByDuplicateName() {
        Map<String, List<KnownNode>> duplicates = new TreeMap<>();
        if (sharedNames > 0) {
            nodeCountByName.forEach((name, count) -> {
                if (count > 1) {
                    duplicates.put(name, withName(name));
                }
            });
        }
        return duplicates;
    }

    private List<KnownNode> withName(String name) {
        List<KnownNode> found = new ArrayList<>();
        for (NodeHolder holder : holders.tailMap(new Place(name, "")).values()) {
            KnownNode node = holder.node();
            if (!node.name().equals(name)) {
                break;
            }
            found.add(node);
        }
        return found;
    }

    /** Returns the nodes that missed a beat while their successor, of the same name on the same host, did not. */
    List<KnownNode> nodesToReplace(long now) {
        List<KnownNode> replaced = new ArrayList<>();
        for (List<KnownNode> sharing : nodesByDuplicateName().values()) {
            Set<@Nullable String> hosts = new HashSet<>();
            for (KnownNode node : sharing) {
                if (!hasMissedABeat(node, now)) {
                    hosts.add(node.envelope().status().host());
                }
            }
            hosts.remove(null);
            for (KnownNode node : sharing) {
                if (hosts.contains(node.envelope().status().host()) && hasMissedABeat(node, now)) {
                    replaced.add(node);
                }
            }
        }
        return replaced;
    }

    /** Returns false for nodes that do not report how often they beat. */
    private static boolean hasMissedABeat(KnownNode node, long now) {
        long interval = TimeUnit.MILLISECONDS.toNanos(node.envelope().status().publishIntervalMillis());
        return interval > 0 && now - node.beatNanos() > interval + interval / 2 + GRACE_NANOS;
    }
}
