// SPDX-License-Identifier: Apache-2.0
package io.tacho.embedded;

import io.tacho.process.ParentDeathWatchdog;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server on a loopback port, as a child process without persistence, for demos and tests. The bundled executable comes in
 * the jar {@code org.signal:embedded-redis} (Redis 7.0.15 for Linux and macOS), which must be on the class path; that jar's Java code is
 * not used.
 *
 * <p>The server ends with {@link #close()}, and also when this JVM dies in whatever way.
 *
 * <p>Thread safety: safe.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final int port;
    private final String description;
    private final Path directory;
    private final List<String> command;

    private @Nullable Process server;
    private @Nullable ParentDeathWatchdog watchdog;

    private EmbeddedRedis(int port, String description, Path directory, List<String> command) {
        this.port = port;
        this.description = description;
        this.directory = directory;
        this.command = command;
    }

    /**
     * Starts the newest server that is installed on the PATH, if it is at least as new as the bundled one and starts, else the
     * bundled one.
     *
     * @param port port on 127.0.0.1; 0 takes a free one
     * @throws IOException as with {@link #start(int, String...)}
     */
    public static EmbeddedRedis startInstalledOrBundled(int port) throws IOException {
        Optional<RedisProgram> installed =
                RedisProgram.installed(Objects.requireNonNullElse(System.getenv("PATH"), ""));
        if (installed.isEmpty()) {
            return start(port, null, List.of(), RedisProgram.bundled());
        }
        try {
            return start(port, null, List.of(), installed.get());
        } catch (IOException e) {
            return start(port, null, List.of(), RedisProgram.bundled().insteadOf(installed.get()));
        }
    }

    /** Starts a server on a free port. */
    public static EmbeddedRedis start() throws IOException {
        return start(0);
    }

    /**
     * Starts a server and waits until it responds.
     *
     * @param port port on 127.0.0.1; 0 takes a free one
     * @param options further options of redis-server, e.g. {@code "--requirepass", "secret"}
     * @throws IOException if there is no server for this platform, the port is taken or the server does not start; the
     *     message names the cause
     */
    public static EmbeddedRedis start(int port, String... options) throws IOException {
        return start(port, null, List.of(options), RedisProgram.bundled());
    }

    /** Starts a server of another version on a free port: the program is this resource. */
    public static EmbeddedRedis startOther(String resource) throws IOException {
        return start(0, null, List.of(), RedisProgram.resource(resource, resource.substring(1)));
    }

    /**
     * Starts a sentinel and waits until it responds.
     *
     * @param port port on 127.0.0.1; 0 takes a free one
     * @param configuration what stands in its configuration file, which sentinels write to themselves
     * @param options further options of redis-server
     * @throws IOException as with {@link #start(int, String...)}
     */
    public static EmbeddedRedis startSentinel(int port, String configuration, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--sentinel"));
        all.addAll(List.of(options));
        return start(port, configuration, all, RedisProgram.bundled());
    }

    private static EmbeddedRedis start(int port, @Nullable String sentinel, List<String> options, RedisProgram program)
            throws IOException {
        int chosen = reserve(port);
        Path directory = Files.createTempDirectory("tacho-redis-");
        List<String> command =
                new ArrayList<>(List.of(program.source().executable(directory).toString()));
        if (sentinel != null) {
            Path file = directory.resolve("sentinel.conf");
            Files.writeString(file, sentinel);
            command.add(file.toString());
        }
        command.addAll(List.of("--port", Integer.toString(chosen), "--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", directory.toString()));
        if (sentinel == null) {
            command.addAll(List.of("--save", "", "--appendonly", "no"));
        }
        command.addAll(options);
        EmbeddedRedis redis = new EmbeddedRedis(chosen, program.description(), directory, command);
        try {
            redis.startServer();
        } catch (IOException e) {
            redis.close();
            throw e;
        }
        return redis;
    }

    public int port() {
        return port;
    }

    /** {@return name, version and origin of the server, e.g. {@code redis-server 7.0.15, bundled}} */
    public String description() {
        return description;
    }

    /** {@code redis://127.0.0.1:port} */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Returns the server's process, to watch it, pause it or kill it. */
    public synchronized Process process() {
        if (server == null) {
            throw new IllegalStateException("redis-server on port " + port + ": not running");
        }
        return server;
    }

    /** Starts the server on its port, empty; it must not be running. */
    public synchronized void startServer() throws IOException {
        if (server != null && server.isAlive()) {
            throw new IllegalStateException("redis-server on port " + port + ": running already");
        }
        Path log = directory.resolve("redis.log");
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        server = started;
        watchdog = ParentDeathWatchdog.watch(started);
        awaitResponse(started, log);
    }

    /** Kills the server, as a crash would; what it held is lost. */
    public synchronized void stopServer() {
        // the watchdog first: once the server is gone its pid may be another's
        if (watchdog != null) {
            watchdog.close();
        }
        end(server);
    }

    @Override
    public void close() {
        stopServer();
        File[] files = directory.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            delete(file);
        }
        delete(directory.toFile());
    }

    private static void delete(File file) {
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }

    private static void end(@Nullable Process process) {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitResponse(Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT_NANOS;
        while (!isResponding()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("redis-server on port " + port + " did not start: " + Files.readString(log));
            }
            try {
                process.waitFor(10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while redis-server starts", e);
            }
        }
    }

    private boolean isResponding() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write(new byte[] {'P', 'I', 'N', 'G', '\r', '\n'});
            // "+PONG", or "-NOAUTH" of a server with a password; "-LOADING" would be neither
            int first = socket.getInputStream().read();
            int second = socket.getInputStream().read();
            return first == '+' || (first == '-' && second == 'N');
        } catch (IOException e) {
            return false;
        }
    }

    private static int reserve(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IOException("port " + port + " is taken (expected: a free port, or 0 for any)", e);
        }
    }

    /** {@return the program of the jar, extracted into a directory} */
    public static Path extractProgram(Path directory) throws IOException {
        return RedisProgram.bundled().source().executable(directory);
    }

    /** {@return operating system and architecture as in the names of the bundled programs, e.g. {@code linux-amd64}} */
    public static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return (os.contains("mac") ? "darwin" : os) + "-"
                + (arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch);
    }
}
