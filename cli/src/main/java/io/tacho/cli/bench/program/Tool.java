// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that are not ours and have to be installed. */
public enum Tool {
    WRK("wrk", "wrk", "-v"),
    NGINX("nginx", "nginx-light", "-v"),
    PUSHGATEWAY("prometheus-pushgateway", "prometheus-pushgateway", "--version");

    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");

    private final String program;
    private final String debianPackage;
    private final String versionOption;

    Tool(String program, String debianPackage, String versionOption) {
        this.program = program;
        this.debianPackage = debianPackage;
        this.versionOption = versionOption;
    }

    /** {@return its version; {@code unknown} if it does not print one} */
    public String version(Path file) throws IOException, InterruptedException {
        return version(file, versionOption);
    }

    /** {@return the first version that the program prints when it is started with this argument} */
    public static String version(Path file, String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(file.toString(), argument)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        Matcher version = VERSION.matcher(new String(process.getInputStream().readAllBytes(), UTF_8));
        process.waitFor();
        return version.find() ? version.group() : "unknown";
    }

    /** Returns the directories in which programs are looked for. */
    public static String path() {
        // servers often are where a user's PATH does not lead
        return System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
    }

    /**
     * Returns the path of the program.
     *
     * @throws IOException if it is not there, with a hint how to install it
     */
    public Path find(String path) throws IOException {
        return findIn(path)
                .orElseThrow(() -> new IOException(
                        program + " not found (expected: on the PATH; on Debian and Ubuntu: apt-get install "
                                + debianPackage + ")"));
    }

    /** {@return the path of the program, if it is there} */
    public Optional<Path> findIn(String path) {
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /**
     * Returns the file.
     *
     * @throws IllegalArgumentException naming the option, if it is no program
     */
    public static Path requireExecutable(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            throw new IllegalArgumentException(option + ": " + file + " (expected: an executable file)");
        }
        return file;
    }

    /** Ports of loopback that are free now. */
    public static List<Integer> freePorts(int count) throws IOException {
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
