// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.util.HashMap;
import java.util.Map;

/**
 * Selects the event loop that serves a new connection. Connections of other machines go to the loop with the fewest. Those
 * of a client on this machine are kept together if they come from one CPU, which usually means from one thread of the
 * client: that thread and its loop then alternate, instead of keeping others busy while one of them waits for a CPU.
 *
 * <p>Thread safety: safe.
 */
final class ConnectionPlacement {

    /** The CPU of a client that is not on this machine. */
    static final int REMOTE = -1;

    /**
     * Divided by the number of loops, the surplus of connections over the loop with the fewest from which on a loop gets no more local
     * ones: a proxy with one thread has a few on each of eight loops.
     */
    private static final int SHARED = 32;

    /** The open connections from one CPU, and the loop that serves the next one. */
    private static final class LocalClient {
        private int loop;
        private int connections;
    }

    private final int[] connections;
    private final int maxSurplus;
    private final Map<Integer, LocalClient> byCpu = new HashMap<>();
    private int first;

    ConnectionPlacement(int loops) {
        connections = new int[loops];
        maxSurplus = maxSurplus(loops);
    }

    /** {@return the surplus over the loop with the fewest connections from which on a loop gets no more local ones} */
    static int maxSurplus(int loops) {
        return Math.max(1, SHARED / loops);
    }

    /**
     * Returns the loop, from 0, of a new connection; {@link #closed} must follow.
     *
     * @param cpu from which the client has connected, or {@link #REMOTE}
     */
    synchronized int opened(int cpu) {
        int loop = cpu == REMOTE ? least() : local(cpu);
        connections[loop]++;
        return loop;
    }

    private int local(int cpu) {
        LocalClient client = byCpu.get(cpu);
        if (client == null) {
            client = new LocalClient();
            client.loop = least();
            byCpu.put(cpu, client);
        } else if (connections[client.loop] - connections[least()] >= maxSurplus) {
            client.loop = least();
        }
        client.connections++;
        return client.loop;
    }

    /** Returns a loop with the fewest connections; of several each in turn, so that short connections are spread too. */
    private int least() {
        int least = first;
        for (int i = 1; i < connections.length; i++) {
            int loop = (first + i) % connections.length;
            if (connections[loop] < connections[least]) {
                least = loop;
            }
        }
        return least;
    }

    /** Removes a connection: the arguments are those of {@link #opened} and its result. */
    synchronized void closed(int cpu, int loop) {
        connections[loop]--;
        first = (loop + 1) % connections.length;
        LocalClient client = byCpu.get(cpu);
        if (client != null && --client.connections == 0) {
            byCpu.remove(cpu);
        }
    }
}
