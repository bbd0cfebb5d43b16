// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.concurrent.DaemonThreads;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An alternative: Prometheus' Pushgateway, to which each node pushes its numbers as a group of its own, as often as agents send
 * beats.
 *
 * <p>Thread safety: safe.
 */
public final class Pushgateway implements AutoCloseable {

    public static final String METRICS = "/metrics";

    private static final long START_SECONDS = 10;

    private final ChildProcess process;
    private final String url;
    private final int nodes;
    private final IntFunction<NodeSnapshot> snapshots;
    private final ScheduledExecutorService pusher = DaemonThreads.scheduler("tacho-bench-pusher");
    private int next;
    private volatile @Nullable IOException failure;

    private Pushgateway(ChildProcess process, String url, int nodes, IntFunction<NodeSnapshot> snapshots) {
        this.process = process;
        this.url = url;
        this.nodes = nodes;
        this.snapshots = snapshots;
    }

    /** Starts one, pushes all nodes once, and from then on one after the other, all of them within {@code intervalMillis}. */
    public static Pushgateway start(
            Path program, Path directory, int nodes, IntFunction<NodeSnapshot> snapshots, long intervalMillis)
            throws IOException, InterruptedException {
        String address = "127.0.0.1:" + Tool.freePorts(1).get(0);
        ChildProcess process = ChildProcess.start(
                "pushgateway",
                List.of(program.toString(), "--web.listen-address=" + address, "--log.level=error"),
                directory);
        Pushgateway gateway = new Pushgateway(process, "http://" + address, nodes, snapshots);
        try {
            gateway.awaitReady();
            for (int i = 0; i < nodes; i++) {
                gateway.push();
            }
        } catch (IOException e) {
            gateway.close();
            throw e;
        }
        long pause = TimeUnit.MILLISECONDS.toNanos(intervalMillis) / nodes;
        gateway.pusher.scheduleAtFixedRate(gateway::pushNext, pause, pause, TimeUnit.NANOSECONDS);
        return gateway;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            process.requireAlive();
            try {
                new Poller(url).get("/-/ready");
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    public String url() {
        return url;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the pushes, as when all nodes are lost. */
    public void stopPushing() {
        pusher.shutdownNow();
    }

    /**
     * Fails if a push has failed.
     *
     * @throws IOException with the reason
     */
    public void requirePushed() throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw new IOException("a push to the Pushgateway failed: " + failed.getMessage(), failed);
        }
    }

    private void pushNext() {
        try {
            push();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void push() throws IOException {
        int place = next;
        next = (next + 1) % nodes;
        NodeSnapshot node = snapshots.apply(place);
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + METRICS + "/job/node/instance/" + node.uid())
                        .toURL()
                        .openConnection();
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        try (OutputStream body = connection.getOutputStream()) {
            body.write(text(node).getBytes(UTF_8));
        }
        int status = connection.getResponseCode();
        if (status >= 300) {
            throw new IOException("status " + status + " (expected: 200)");
        }
        connection.getInputStream().close();
    }

    /** {@return the numbers of a node in Prometheus' text format} */
    public static String text(NodeSnapshot node) {
        StringBuilder text = new StringBuilder();
        for (Field field : Field.NUMBERS) {
            text.append("node_")
                    .append(field.wireName())
                    .append(' ')
                    .append(node.number(field))
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {
        stopPushing();
        process.close();
    }
}
