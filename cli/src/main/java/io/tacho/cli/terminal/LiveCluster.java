// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.cli.client.ApiClient;
import io.tacho.cli.terminal.Node.State;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as reported by the events of an aggregator. Departed nodes remain visible for five minutes, also those that departed
 * before the program was started.
 *
 * <p>Thread safety: safe.
 */
final class LiveCluster implements ApiClient.EventListener {

    private static final long GONE_KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int GONE_KEPT = 500;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(15);

    /**
     * The cluster at one instant.
     *
     * @param synced whether all nodes have been received
     * @param staleMillis how old the aggregator's view is, at least in part
     * @param partitions how much of the cluster the aggregator follows
     * @param heardNanos when anything was heard last
     * @param totals of all nodes, as the aggregator merges them; null before they are known
     * @param status what the aggregator reports besides nodes and totals
     * @param detail the response of {@code /nodes/<uid>} for the node whose details are shown; null if there is none
     */
    record Snapshot(
            List<Node> nodes,
            long metricsIntervalSeconds,
            boolean connected,
            boolean synced,
            long staleMillis,
            Partitions partitions,
            long heardNanos,
            @Nullable Totals totals,
            ClusterStatus status,
            @Nullable JsonNode detail) {

        /** {@return the totals of some of the nodes; nodes that are gone do not count} */
        Totals totals(List<Node> some) {
            return totals != null && some.size() == nodes.size()
                    ? totals
                    : Totals.of(
                            some.stream().filter(node -> !node.state().isGone()).toList());
        }

        List<Node> present() {
            return nodes.stream().filter(node -> !node.state().isGone()).toList();
        }

        /** {@return the node of a uid; null if there is none} */
        @Nullable
        Node find(@Nullable String uid) {
            return nodes.stream()
                    .filter(node -> node.uid().equals(uid))
                    .findFirst()
                    .orElse(null);
        }

        long count(State state) {
            return nodes.stream().filter(node -> node.state() == state).count();
        }
    }

    /** The number of partitions, and of those that the aggregator does not follow. */
    record Partitions(int total, int disconnected) {}

    private final LongSupplier nanoTime;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Set<String> unconfirmed = new HashSet<>();
    private long metricsIntervalSeconds;
    private boolean connected;
    private boolean synced;
    private Partitions partitions = new Partitions(1, 0);
    private long staleMillis;
    private long heardNanos;
    private @Nullable Totals totals;
    private ClusterStatus status = ClusterStatus.UNKNOWN;
    private @Nullable JsonNode detail;

    LiveCluster(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        heardNanos = nanoTime.getAsLong();
    }

    @Override
    public synchronized void opened() {
        connected = true;
    }

    /** Takes the totals of all nodes. */
    synchronized void totals(@Nullable Totals latest) {
        totals = latest;
    }

    /** Takes the status of the cluster. */
    synchronized void status(ClusterStatus latest) {
        status = latest;
    }

    /** Takes the details of a node; null if none are shown. */
    synchronized void detail(@Nullable JsonNode latest) {
        detail = latest;
    }

    synchronized void closed() {
        connected = false;
    }

    @Override
    public synchronized void event(String type, JsonNode data) {
        long now = nanoTime.getAsLong();
        heardNanos = now;
        switch (type) {
            case "reset" -> {
                // nodes that are not received before the synced event have left in the meantime
                nodes.values().stream()
                        .filter(node -> !node.state().isGone())
                        .forEach(node -> unconfirmed.add(node.uid()));
                status(data);
            }
            case "synced" -> {
                unconfirmed.forEach(uid -> gone(uid, State.LEFT, now));
                unconfirmed.clear();
                synced = true;
                status(data);
            }
            case "stale", "fresh", "alive" -> status(data);
            case "joined", "draining", "snapshot" -> {
                unconfirmed.remove(data.path("uid").asText());
                State state = data.path("state").asText().equals("draining") ? State.DRAINING : State.LIVE;
                nodes.compute(data.path("uid").asText(), (uid, before) -> Node.of(data, state, before, now));
            }
            case "left", "lost", "restarted" -> gone(data.path("uid").asText(), State.of(type), now);
            default -> {
                // an event of a later version
            }
        }
    }

    /**
     * Adds the nodes that departed shortly before, unless they are known.
     *
     * @param membership the response of {@code /membership}, newest change first
     * @param nowMillis the current wall-clock time
     */
    synchronized void addDeparted(JsonNode membership, long nowMillis) {
        long now = nanoTime.getAsLong();
        Set<String> uids = new HashSet<>();
        for (JsonNode change : membership.path("changes")) {
            String uid = change.path("uid").asText();
            long age = TimeUnit.MILLISECONDS.toNanos(
                    Math.max(0, nowMillis - change.path("time").asLong()));
            // only departures have the node's last values
            if (uids.add(uid) && change.has("node") && age <= GONE_KEPT_NANOS) {
                State state = State.of(change.path("change").asText());
                nodes.putIfAbsent(uid, Node.of(change, state, null, now - age));
            }
        }
    }

    private void status(JsonNode data) {
        metricsIntervalSeconds = data.path("metrics_interval").asLong(metricsIntervalSeconds);
        int total = data.at("/partitions/total").asInt(1);
        int ofNotReady = data.path("ready").asBoolean(true) ? 0 : total;
        partitions = new Partitions(total, data.at("/partitions/disconnected").asInt(ofNotReady));
        staleMillis = data.path("stale_ms").asLong();
    }

    private void gone(String uid, State state, long now) {
        unconfirmed.remove(uid);
        nodes.computeIfPresent(uid, (same, node) -> node.state().isGone() ? node : node.with(state, now));
    }

    /** Returns all there is now. */
    synchronized Snapshot snapshot() {
        long now = nanoTime.getAsLong();
        forget(now);
        List<Node> all = nodes.values().stream()
                .map(node -> isSilent(node, now) ? node.with(State.STALE, node.heardNanos()) : node)
                .toList();
        long age = partitions.disconnected() == 0 ? 0 : staleMillis + TimeUnit.NANOSECONDS.toMillis(now - heardNanos);
        return new Snapshot(
                all, metricsIntervalSeconds, connected, synced, age, partitions, heardNanos, totals, status, detail);
    }

    /** The aggregator gives nodes up by itself, unless it cannot see them or we cannot see it. */
    private boolean isSilent(Node node, long now) {
        return node.state() == State.LIVE
                && (!connected || partitions.disconnected() > 0)
                && now - node.heardNanos() > TIMEOUT_NANOS;
    }

    private void forget(long now) {
        nodes.values().removeIf(node -> node.state().isGone() && now - node.heardNanos() > GONE_KEPT_NANOS);
        long tooMany =
                nodes.values().stream().filter(node -> node.state().isGone()).count() - GONE_KEPT;
        if (tooMany > 0) {
            nodes.values().stream()
                    .filter(node -> node.state().isGone())
                    .sorted((a, b) -> Long.compare(a.heardNanos(), b.heardNanos()))
                    .limit(tooMany)
                    .toList()
                    .forEach(node -> nodes.remove(node.uid()));
        }
    }
}
