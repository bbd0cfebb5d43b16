// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs that are not ours and have to be installed. */
enum Tool {
    WRK("wrk"),
    NGINX("nginx");

    private final String program;

    Tool(String program) {
        this.program = program;
    }

    /** Returns the directories in which programs are looked for. */
    static String path() {
        // servers often are where a user's PATH does not lead
        return System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
    }

    /**
     * Returns the path of the program.
     *
     * @throws IOException if it is not there, with a hint how to install it
     */
    Path find(String path) throws IOException {
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElseThrow(() -> new IOException(program
                        + " not found (expected: on the PATH; on Debian and Ubuntu: apt-get install wrk nginx)"));
    }

    /** Ports of loopback that are free now. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
