// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.cli.bench.program.CentrifugoNodes;
import io.tacho.cli.bench.program.Nginx;
import io.tacho.cli.bench.program.Poller;
import io.tacho.cli.bench.program.Pushgateway;
import io.tacho.cli.bench.program.Wrk;
import io.tacho.cli.process.TachoCommand;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The test bed of all measurements: a Redis, and the processes that are started beside it. Whatever is opened on it ends with
 * it, the last first.
 *
 * <p>Thread safety: safe; {@link #close()} from a shutdown hook ends all running processes.
 */
final class TestBed implements AutoCloseable {

    private static final long START_SECONDS = 60;
    private static final Pattern REDIS_VERSION = Pattern.compile("redis_version:(\\S+)");
    private static final Pattern LIVE = Pattern.compile("\"live\":(\\d+)");

    private final Path directory;
    private final Programs programs;
    private final EmbeddedRedis redis;
    private final @Nullable Wrk wrk;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closed;

    /**
     * The commands of the measured programs.
     *
     * @param aggregator command of the aggregator, with the flags that the launcher gives it
     * @param agent command of the agent
     * @param wrk null if no phase needs it
     * @param nginx null if no phase needs it
     * @param pushgateway null if it is left out
     * @param centrifugo null if it is left out
     */
    record Programs(
            List<String> aggregator,
            List<String> agent,
            @Nullable Path wrk,
            @Nullable Path nginx,
            @Nullable Path pushgateway,
            @Nullable Path centrifugo) {}

    TestBed(Programs programs) throws IOException {
        this.programs = programs;
        directory = Files.createTempDirectory("tacho-bench-");
        wrk = programs.wrk() == null ? null : new Wrk(programs.wrk(), directory);
        // a subscriber that is slow is to be waited for here, not cut off
        redis = EmbeddedRedis.start(0, "--client-output-buffer-limit", "pubsub 0 0 0");
    }

    Wrk wrk() {
        return Objects.requireNonNull(wrk, "wrk");
    }

    int redisPort() {
        return redis.port();
    }

    /** Returns the version of the Redis. */
    String redisVersion() throws IOException {
        try (Resp connection = new Resp(redis.port())) {
            Object info = connection.ask("INFO", "server");
            Matcher version = REDIS_VERSION.matcher(info instanceof byte[] text ? new String(text, UTF_8) : "");
            return version.find() ? version.group(1) : "unknown";
        }
    }

    ProcessHandle redisProcess() {
        return redis.process().toHandle();
    }

    /** An aggregator that has just been started, and where it listens. */
    record Aggregator(ChildProcess process, String url) {}

    Aggregator aggregator(String namespace) throws IOException, InterruptedException {
        ChildProcess process =
                program("aggregator", programs.aggregator(), "--listen", "127.0.0.1:0", "--namespace", namespace);
        Aggregator aggregator = new Aggregator(process, process.awaitAddress(Duration.ofSeconds(START_SECONDS)));
        Poller poller = new Poller(aggregator.url());
        while (poller.get("/-/ready").status() != 200) {
            process.requireAlive();
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return aggregator;
    }

    ChildProcess agent(String namespace) throws IOException {
        return program("agent", programs.agent(), "--namespace", namespace, "--name", "bench");
    }

    private ChildProcess program(String name, List<String> command, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--redis", redis.uri()));
        all.addAll(List.of(arguments));
        return open(ChildProcess.start(name, all, directory));
    }

    /** Returns a cluster that beats at its normal rate, complete in the aggregator's view. */
    ChildProcess swarm(String namespace, int nodes, Aggregator follower) throws IOException, InterruptedException {
        ChildProcess swarm = program(
                "swarm",
                TachoCommand.of(List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx256m"), List.of("swarm")),
                "--nodes",
                Integer.toString(nodes),
                "--namespace",
                namespace);
        awaitNodes(follower, nodes, swarm);
        return swarm;
    }

    private static void awaitNodes(Aggregator aggregator, int nodes, ChildProcess swarm)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Poller poller = new Poller(aggregator.url());
        while (true) {
            Matcher live = LIVE.matcher(poller.get("/cluster").text());
            if (live.find() && Integer.parseInt(live.group(1)) == nodes) {
                return;
            }
            swarm.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IOException("the swarm of " + nodes + " nodes is not complete in " + START_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Returns a Pushgateway to which all nodes push; null if no program is given. */
    @Nullable
    Pushgateway pushgateway(int nodes, long intervalMillis) throws IOException, InterruptedException {
        Path program = programs.pushgateway();
        return program == null
                ? null
                : open(Pushgateway.start(
                        program, directory, nodes, place -> Beats.beat(place).snapshot(), intervalMillis));
    }

    /** Returns Centrifugo's nodes on the Redis of the test bed; null if no program is given. */
    @Nullable
    CentrifugoNodes centrifugo(int nodes) throws IOException, InterruptedException {
        Path program = programs.centrifugo();
        return program == null ? null : open(CentrifugoNodes.start(program, directory, redis.port(), nodes));
    }

    Nginx nginx(byte[] stats) throws IOException, InterruptedException {
        return open(Nginx.start(Objects.requireNonNull(programs.nginx(), "nginx"), directory, stats));
    }

    private <T extends AutoCloseable> T open(T resource) throws IOException {
        synchronized (this) {
            if (!closed) {
                opened.push(resource);
                return resource;
            }
        }
        close(resource);
        throw new IOException("ended");
    }

    /** Ends what was opened last, back to the Redis. */
    void clear() {
        for (AutoCloseable resource = next(); resource != null; resource = next()) {
            close(resource);
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        return opened.poll();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("not ended: " + resource, e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (wrk != null) {
            wrk.close();
        }
        clear();
        redis.close();
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            directory.toFile().deleteOnExit();
        }
    }
}
