// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers of one window of the whole cluster: of the windows of all its nodes, each of them once.
 *
 * @param slot which window it is
 * @param nodeWindows number of windows of nodes in it; if all of them are whole, the number of nodes
 * @param sums exact counts
 * @param gauges sums of the nodes' gauges at its end; scaled down for a node that was there for a part of the window
 * @param timeApiMax longest server API response time, nanoseconds
 * @param timeClientMax longest client API response time, nanoseconds
 * @param maxUniqueClients largest number of distinct users of a single node: a lower bound for the cluster
 * @param maxChannels largest number of channels of a single node: a lower bound for the cluster
 * @param detail merged histograms, and unions of sketches, which aggregators write and which may be missing
 * @param usersNodes number of nodes in the union of users
 * @param channelsNodes number of nodes in the union of channels
 * @param bridgedWindows number of windows of nodes that also count what happened before their start, while no agent was running
 * @param extras merged values in addition to the 22 fields
 * @param spreads of {@link #BALANCED} over the nodes; empty for what no node has uploaded
 */
public record ClusterWindow(
        WindowSlot slot,
        long nodeWindows,
        NodeTotals sums,
        WindowGauges gauges,
        long timeApiMax,
        long timeClientMax,
        long maxUniqueClients,
        long maxChannels,
        WindowDetail detail,
        long usersNodes,
        long channelsNodes,
        long bridgedWindows,
        Extras.Merged extras,
        Map<Field, Spread> spreads) {

    /** The fields by which a cluster is balanced. */
    public static final List<Field> BALANCED = List.of(Field.NUM_CLIENTS, Field.BYTES_CLIENT_OUT, Field.CPU_USAGE);

    /**
     * The spread of a field over the nodes that were there for a whole window.
     *
     * @param max the largest value of a node
     * @param squares the sum of the squares of all values; of bytes in KiB
     */
    public record Spread(long max, long squares) {

        /** The spread over no node. */
        public static final Spread NONE = new Spread(0, 0);

        private static final long BYTES_PER_UNIT = 1024;

        /** So that the squares of thousands of nodes fit into 64 bits. */
        private static final long LARGEST = 1L << 25;

        /** @throws IllegalArgumentException naming the number that is out of its bounds */
        public Spread {
            Checks.count("spread: max", max);
            Checks.between("spread: squares", squares, 0, Long.MAX_VALUE);
        }

        /** Returns the spread of a field over a single node. */
        static Spread of(Field field, long value) {
            long units = Math.min(LARGEST, value / unit(field));
            return new Spread(value, units * units);
        }

        private static long unit(Field field) {
            return field == Field.BYTES_CLIENT_OUT ? BYTES_PER_UNIT : 1;
        }

        /** {@return the spread over the nodes of both} */
        public Spread merge(Spread other) {
            long sum = squares + other.squares;
            return new Spread(Math.max(max, other.max), sum < 0 ? Long.MAX_VALUE : sum);
        }

        /** {@return the mean of the squares over the nodes, in the field's own unit} */
        public double meanSquare(Field field, long nodes) {
            return (double) squares / nodes * unit(field) * unit(field);
        }
    }

    /** The estimated memory of the numbers, object headers and a tree node. */
    private static final int OVERHEAD_BYTES = 600;

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public ClusterWindow {
        Objects.requireNonNull(slot, "slot");
        Checks.count("uploads", nodeWindows);
        Objects.requireNonNull(sums, "sums");
        Objects.requireNonNull(gauges, "gauges");
        Checks.count(Field.TIME_API_MAX, timeApiMax);
        Checks.count(Field.TIME_CLIENT_MAX, timeClientMax);
        Checks.count("max_unique_clients", maxUniqueClients);
        Checks.count("max_channels", maxChannels);
        Objects.requireNonNull(detail, "detail");
        Checks.count("users_nodes", usersNodes);
        Checks.count("channels_nodes", channelsNodes);
        Checks.count("bridged", bridgedWindows);
        Objects.requireNonNull(extras, "extras");
        spreads = Map.copyOf(spreads);
    }

    /** {@return the length of the window} */
    public long intervalSeconds() {
        return slot.intervalSeconds();
    }

    /** {@return the start of the window, UNIX milliseconds} */
    public long startMillis() {
        return slot.startMillis();
    }

    /** {@return the estimated memory of the window, bytes} */
    public long memoryBytes() {
        return OVERHEAD_BYTES + detail.size() + extras.memoryBytes();
    }

    /** {@return a builder of a window in which nothing happened} */
    public static Builder builder(WindowSlot slot) {
        return new Builder(slot);
    }

    /** {@return a builder with the values of this window} */
    public Builder toBuilder() {
        return new Builder(slot)
                .nodeWindows(nodeWindows)
                .sums(sums)
                .gauges(gauges)
                .longest(timeApiMax, timeClientMax)
                .largestNode(maxUniqueClients, maxChannels)
                .detail(detail)
                .unionNodes(usersNodes, channelsNodes)
                .bridgedWindows(bridgedWindows)
                .extras(extras)
                .spreads(spreads);
    }

    /** Builds a window of the cluster. Not thread-safe. */
    public static final class Builder {

        private final WindowSlot slot;
        private long nodeWindows;
        private NodeTotals sums = NodeTotals.ZERO;
        private WindowGauges gauges = WindowGauges.NONE;
        private long timeApiMax;
        private long timeClientMax;
        private long maxUniqueClients;
        private long maxChannels;
        private WindowDetail detail = WindowDetail.NONE;
        private long usersNodes;
        private long channelsNodes;
        private long bridgedWindows;
        private Extras.Merged extras = Extras.Merged.NONE;
        private Map<Field, Spread> spreads = Map.of();

        private Builder(WindowSlot slot) {
            this.slot = slot;
        }

        public Builder nodeWindows(long count) {
            nodeWindows = count;
            return this;
        }

        public Builder sums(NodeTotals exact) {
            sums = exact;
            return this;
        }

        public Builder gauges(WindowGauges held) {
            gauges = held;
            return this;
        }

        /** Sets the longest response times, nanoseconds. */
        public Builder longest(long apiNanos, long clientNanos) {
            timeApiMax = apiNanos;
            timeClientMax = clientNanos;
            return this;
        }

        /** Sets the largest numbers of users and channels of a single node. */
        public Builder largestNode(long users, long channels) {
            maxUniqueClients = users;
            maxChannels = channels;
            return this;
        }

        public Builder detail(WindowDetail merged) {
            detail = merged;
            return this;
        }

        /** Sets the number of nodes in the unions of users and channels. */
        public Builder unionNodes(long users, long channels) {
            usersNodes = users;
            channelsNodes = channels;
            return this;
        }

        public Builder bridgedWindows(long count) {
            bridgedWindows = count;
            return this;
        }

        /** Sets the merged values in addition to the 22 fields. */
        public Builder extras(Extras.Merged merged) {
            extras = merged;
            return this;
        }

        /** Sets how the balanced fields are spread over the nodes. */
        public Builder spreads(Map<Field, Spread> ofFields) {
            spreads = ofFields;
            return this;
        }

        /**
         * Builds the window.
         *
         * @throws IllegalArgumentException naming the field that is out of its bounds
         */
        public ClusterWindow build() {
            return new ClusterWindow(
                    slot,
                    nodeWindows,
                    sums,
                    gauges,
                    timeApiMax,
                    timeClientMax,
                    maxUniqueClients,
                    maxChannels,
                    detail,
                    usersNodes,
                    channelsNodes,
                    bridgedWindows,
                    extras,
                    spreads);
        }
    }
}
