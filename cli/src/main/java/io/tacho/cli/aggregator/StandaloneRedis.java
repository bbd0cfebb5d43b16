// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ParentDeathWatchdog;
import io.tacho.text.TextFiles;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The Redis or Valkey of {@code tacho standalone}: a child process that logs to standard error. It gets its configuration, with the
 * password, through standard input.
 *
 * <p>Thread safety: safe.
 */
final class StandaloneRedis implements AutoCloseable {

    private static final List<String> PROGRAMS = List.of("redis-server", "valkey-server");

    /**
     * Its log is on standard output, which is the aggregator's. In a session of its own it does not receive the Ctrl-C of a terminal,
     * but ends after the aggregator.
     */
    private static final String COMMAND =
            "if command -v setsid >/dev/null; then exec setsid \"$0\" - >&2; else exec \"$0\" - >&2; fi";

    private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long END_TIMEOUT_SECONDS = 20;

    private final Process process;
    private final ParentDeathWatchdog watchdog;
    /** Held until the server has ended: the channel of a lock that is not referred to is closed by the garbage collector. */
    private final @Nullable FileLock dataLock;

    private volatile boolean ending;

    private StandaloneRedis(Process process, ParentDeathWatchdog watchdog, @Nullable FileLock dataLock) {
        this.process = process;
        this.watchdog = watchdog;
        this.dataLock = dataLock;
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param program the program; null for the one on the path or in the jar
     * @param data where it keeps its data; null for none
     */
    static StandaloneRedis start(
            @Nullable Path program, InetSocketAddress address, @Nullable String password, @Nullable Path data)
            throws IOException {
        FileLock dataLock = data == null ? null : lock(data);
        requireFree(address);
        Path executable = program == null ? find() : program;
        Process process = new ProcessBuilder("/bin/sh", "-c", COMMAND, executable.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        StandaloneRedis redis = new StandaloneRedis(process, ParentDeathWatchdog.watch(process), dataLock);
        try {
            try (OutputStream configuration = process.getOutputStream()) {
                configuration.write(configuration(address, password, data).getBytes(UTF_8));
            } catch (IOException e) {
                // the program has ended, which is reported below, or is not interested in its input
            }
            redis.awaitConnection(address, executable);
        } catch (IOException e) {
            redis.close();
            throw e;
        }
        return redis;
    }

    /** @throws IllegalArgumentException if the file is not a program */
    static void checkProgram(Path program) {
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new IllegalArgumentException("redis-server: " + program + ", "
                    + (Files.exists(program) ? "not executable" : "no such file")
                    + " (expected: a Redis or Valkey server)");
        }
    }

    /**
     * Reserves the data for this process until the lock's channel is closed: of two servers the last one would overwrite what the other
     * has saved.
     */
    static FileLock lock(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            throw new IllegalArgumentException("data: " + data + " (expected: a directory)");
        }
        Path file = data.resolve("tacho.lock");
        @Nullable FileLock lock;
        try {
            lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "data: cannot write " + file + ", " + TextFiles.cause(e) + " (expected: a writable directory)", e);
        }
        if (lock == null) {
            throw new IllegalArgumentException(
                    "data: " + data + " is in use by another standalone (expected: a directory of its own)");
        }
        return lock;
    }

    /** Otherwise a connection to what listens there would look like one to the new server. */
    private static void requireFree(InetSocketAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new IOException(
                    "redis-listen: " + address.getHostString() + ":" + address.getPort()
                            + " is in use (expected: a free port)",
                    e);
        }
    }

    private static Path find() throws IOException {
        String path = System.getenv("PATH");
        for (String program : PROGRAMS) {
            for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
                Path candidate = Path.of(directory, program);
                if (!directory.isEmpty() && Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        Path directory = Files.createTempDirectory("tacho-redis-");
        directory.toFile().deleteOnExit();
        Path extracted = EmbeddedRedis.extractProgram(directory);
        extracted.toFile().deleteOnExit();
        return extracted;
    }

    static String configuration(InetSocketAddress address, @Nullable String password, @Nullable Path data) {
        return "bind " + address.getAddress().getHostAddress()
                + "\nport " + address.getPort()
                + "\nmaxmemory-policy noeviction\nappendonly no\n"
                + (data == null
                        ? "save \"\"\n"
                        : "save 60 1\ndir " + quoted(data.toAbsolutePath().toString()) + "\n")
                + (password == null ? "" : "requirepass " + quoted(password) + "\n");
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** {@return the address, as a host of a URI, at which this machine reaches a server that listens there} */
    static String reachable(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        boolean six = host.getAddress().length == 16;
        String name = host.isAnyLocalAddress() ? (six ? "::1" : "127.0.0.1") : host.getHostAddress();
        return six ? "[" + name + "]" : name;
    }

    private void awaitConnection(InetSocketAddress address, Path program) throws IOException {
        InetSocketAddress reachable = new InetSocketAddress(reachable(address), address.getPort());
        long start = System.nanoTime();
        while (System.nanoTime() - start < START_TIMEOUT_NANOS) {
            try {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    throw new IOException("redis-server: " + program + " ended with status " + process.exitValue()
                            + " at the start (expected: a Redis or Valkey server; the lines above are its log)");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Redis starts", e);
            }
            try (Socket socket = new Socket()) {
                socket.connect(reachable, 500);
                return;
            } catch (IOException e) {
                // not yet
            }
        }
        throw new IOException("redis-server: " + program + " does not accept connections at " + reachable
                + " after 30 s (expected: a Redis or Valkey server)");
    }

    /** Does not run the action of {@link #onUnexpectedEnd} from now on. */
    void expectEnd() {
        ending = true;
    }

    /** Runs the action with the exit status when the server ends before it is closed. */
    void onUnexpectedEnd(IntConsumer action) {
        process.onExit().thenAccept(ended -> {
            if (!ending) {
                action.accept(ended.exitValue());
            }
        });
    }

    /** Ends the server, which saves its data, and waits for it a bounded time. */
    @Override
    public void close() {
        expectEnd();
        watchdog.close();
        process.destroy();
        try {
            if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (dataLock != null) {
            try {
                dataLock.acquiredBy().close();
            } catch (IOException e) {
                // the end of this process releases it
            }
        }
    }
}
