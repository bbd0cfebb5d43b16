// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of the loopback interface, for programs that cannot bind to port 0. */
public final class FreePorts {

    /** The offset of the cluster bus port of a Redis Cluster node from its port. */
    private static final int BUS = 10_000;

    private FreePorts() {}

    public static int any() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns a port whose cluster bus port is free too. */
    public static int forClusterNode() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = any();
            if (port + BUS > 65_535) {
                continue;
            }
            try (ServerSocket bus = new ServerSocket(port + BUS, 1, InetAddress.getLoopbackAddress())) {
                return bus.getLocalPort() - BUS;
            } catch (IOException e) {
                // in use; try another one
            }
        }
        throw new IOException("no port is free together with the one " + BUS + " above it");
    }
}
