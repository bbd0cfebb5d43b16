// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.tacho.cli.process.TachoCommand;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.Secret;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings up a local cluster: Redis, demo nodes and an aggregator as processes of their own, and clients that load them. */
@Command(
        name = "tacho demo",
        versionProvider = Program.Version.class,
        description = {
            "Brings up a cluster on this machine and keeps it until Ctrl-C: a redis-server, demo nodes, one aggregator,",
            "and real WebSocket clients that keep the nodes busy."
        },
        footer = {
            "",
            "Every option is also an environment variable: --rate is TACHO_RATE.",
            "Durations have a unit: 500ms, 5s, 1m, 2h."
        },
        subcommands = {DemoNode.class, DemoClients.class})
public final class DemoCluster implements Callable<Integer> {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern BUSY_NODE = Pattern.compile("\"" + Field.NUM_MSG_PUBLISHED.wireName() + "\":[1-9]");

    @Option(names = "--nodes", paramLabel = "N", description = "Demo nodes, 1 to 50 (default: 3).")
    private int nodes = 3;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The aggregator's port; 0 takes a free one (default: 7022).")
    private int port = 7022;

    @Option(names = "--redis-port", paramLabel = "PORT", description = "Redis' port; 0 takes a free one (default: 0).")
    private int redisPort = 0;

    @Option(names = "--clients", paramLabel = "N", description = "WebSocket clients in total (default: 30).")
    private int clients = 30;

    @Option(names = "--rate", paramLabel = "N", description = "Messages published a second in total (default: 100).")
    private int rate = 100;

    @Option(
            names = "--api-secret",
            paramLabel = "SECRET",
            description =
                    "The aggregator's admin key (default: none, open). Set it by TACHO_API_SECRET, not by this option.")
    private @Nullable Secret apiSecret;

    @Option(names = "--with-parent", hidden = true, description = "End when the process ends that started this one.")
    private boolean withParent;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final List<ChildProcess> processes = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable EmbeddedRedis redis;
    private @Nullable DemoLoad load;

    @Override
    public Integer call() throws Exception {
        if (nodes < 1 || nodes > 50) {
            throw new IllegalArgumentException("nodes: " + nodes + " (expected: 1 to 50)");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "tacho-shutdown"));
        if (withParent) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        }
        try {
            start();
        } catch (IOException e) {
            // the user has ended the demo while it started, so what it waited for is gone
            if (ended.getCount() > 0) {
                throw e;
            }
        }
        ended.await();
        return 0;
    }

    private void start() throws Exception {
        requireFreePort();
        spec.commandLine().getErr().println("Starting Redis, " + nodes + " nodes and an aggregator ...");
        Path logs = Files.createTempDirectory("tacho-demo-");
        EmbeddedRedis server = EmbeddedRedis.startInstalledOrBundled(redisPort);
        synchronized (this) {
            redis = server;
        }
        // through the environment: process listings show arguments
        Map<String, String> secret = apiSecret == null ? Map.of() : Map.of("TACHO_API_SECRET", apiSecret.value());
        ChildProcess aggregator = launch(
                "aggregator", logs, secret, "aggregator", "--listen", "127.0.0.1:" + port, "--redis", server.uri());
        List<ChildProcess> hubs = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            String name = "demo-" + i;
            String[] options = {"--name", name, "--metrics-interval", "5s", "--publish-interval", "1s"};
            hubs.add(launch(
                    name,
                    logs,
                    Map.of(),
                    Stream.concat(Stream.of("demo", "node", "--redis", server.uri()), Stream.of(options))
                            .toArray(String[]::new)));
        }
        String url = aggregator.awaitAddress(START_TIMEOUT);
        print("Dashboard    " + url);
        print("Terminal     " + (apiSecret == null ? "" : "TACHO_API_KEY=SECRET ") + "./tacho top --url " + url);
        print("API          curl " + (apiSecret == null ? "" : "-H 'X-API-Key: SECRET' ") + url + "/stats");
        print("");
        print("Redis        " + server.uri() + "  (" + server.description() + ")");
        List<URI> addresses = new ArrayList<>();
        for (ChildProcess hub : hubs) {
            addresses.add(URI.create(hub.awaitAddress(START_TIMEOUT)));
            print("%-12s pid %-8d %s".formatted(hub.name(), hub.pid(), addresses.get(addresses.size() - 1)));
        }
        DemoLoad traffic = new DemoLoad(new LoadSettings(addresses, clients, rate));
        synchronized (this) {
            load = traffic;
        }
        traffic.start();
        print("Clients      " + clients + ", which publish " + rate + " messages a second in total");
        print("Logs         " + logs);
        print("");
        print("Waiting for the first metrics window (5 s) to close ...");
        awaitBusy(url + "/stats");
        print("The cluster is up. Kill a node to see it lost: kill -9 "
                + hubs.get(hubs.size() - 1).pid());
        print("Ctrl-C ends the demo.");
    }

    private void requireFreePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            socket.setReuseAddress(true);
        } catch (IOException e) {
            throw new IOException(
                    "port: 127.0.0.1:" + port + " is in use (expected: a free port; --port 0 takes any)", e);
        }
    }

    private ChildProcess launch(String name, Path logs, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = TachoCommand.of(TachoCommand.SMALL_JVM, List.of(arguments));
        ChildProcess process = ChildProcess.start(name, command, logs, environment);
        synchronized (this) {
            processes.add(process);
        }
        process.onUnexpectedEnd(status -> print(name + " ended with status " + status + "; the others continue"));
        return process;
    }

    /** Waits until every node has counted messages of a whole window. */
    private void awaitBusy(String url) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
        if (apiSecret != null) {
            request.header("X-API-Key", apiSecret.value());
        }
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            String response = http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            if (BUSY_NODE.matcher(response).results().count() == nodes) {
                return;
            }
            if (ended.await(100, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IOException("the nodes did not become busy within " + START_TIMEOUT.toSeconds() + " s; see the logs");
    }

    /** Ends everything that was started, whatever of it has ended already: clients, nodes, aggregator, Redis. */
    private synchronized void stop() {
        ended.countDown();
        if (load != null) {
            load.close();
        }
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).terminate();
        }
        for (ChildProcess process : processes) {
            process.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
