// SPDX-License-Identifier: Apache-2.0
package io.tacho.agentcheck;

/** The lines that HAProxy understands as the response to an agent-check. */
public final class AgentCheckResponse {

    private AgentCheckResponse() {}

    /**
     * Returns the response of a node that sends beats: its free capacity as a weight in percent, at least 1, or that it accepts
     * no new connections. {@code ready} ends the drain of an earlier response.
     *
     * @param clients the connected clients
     * @param capacity the number of clients that the node is meant to serve; 0 for unknown: then the weight stays
     */
    public static String of(boolean draining, long clients, long capacity) {
        if (draining) {
            return "drain";
        }
        if (capacity <= 0) {
            return "ready up";
        }
        double free = 100.0 * (capacity - clients) / capacity;
        return "ready up " + Math.max(1, Math.min(100, Math.round(free))) + "%";
    }

    /** Returns the response of a node that does not serve, with the reason for HAProxy's log. */
    public static String down(String reason) {
        return "down #" + reason;
    }
}
