// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ClientOptions;
import io.tacho.cli.program.GivenSettings;
import io.tacho.cli.program.Program;
import io.tacho.cli.program.Signals;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The cluster live in a terminal, as a program. */
@Command(
        name = "tacho top",
        versionProvider = Program.Version.class,
        description = {
            "Shows the nodes of a cluster live in a terminal, as an aggregator sees them. Press h for the keys."
        },
        footer = {
            "",
            "Every option is also an environment variable: --api-key is TACHO_API_KEY. NO_COLOR is respected.",
            "Exit status: 0 when ended, 1 if the aggregator rejects the key or, with --once, does not respond, 2 for a wrong option."
        })
public final class TopMain implements Callable<Integer> {

    private static final String RESIZED = "RESIZED";
    private static final long FIRST_RESPONSE_MILLIS = 10_000;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description = "What to sort by: a field or its short name, or state; with a minus the largest first"
                    + " (default: name).")
    private String sort = "name";

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Which nodes to show: part of a name, state:lost, cpu>50, client_max>=5ms (default: all).")
    private String filter = "";

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = "Fields or short names, separated by commas, or all (default: as many as there is room for).")
    private @Nullable String columns;

    @Option(names = "--watch", paramLabel = "DURATION", description = "How often to draw (default: 1s).")
    private Duration watch = Duration.ofSeconds(1);

    @Option(names = "--once", description = "Print once and end (default: no; yes where there is no terminal).")
    private boolean once;

    @Option(
            names = "--json",
            description = "Print one line of JSON instead: once with --once, else every --watch (default: no).")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SettingErrors errors = new SettingErrors();
        errors.require(
                watch.toMillis() >= 100, () -> "watch: " + Durations.format(watch) + " (expected: at least 100ms)");
        GivenSettings given = new GivenSettings(spec);
        if (once) {
            given.rejectIneffective(errors, "watch", "together with once", "one of them");
        }
        if (json) {
            given.rejectIneffective(errors, "columns", "with json, which has all fields", "without json");
        }
        errors.throwIfAny();
        List<Column> chosen = columns == null ? Column.DEFAULT : Column.list(columns);
        TopState state = new TopState(chosen, NodeSort.parse(sort), NodeFilter.parse(filter));
        ApiClient api = client.client();
        LiveCluster cluster = new LiveCluster(System::nanoTime);
        Follower follower = new Follower(api, cluster);
        follower.start();
        if (json) {
            return printJson(cluster, follower, state);
        }
        if (once || !Screen.isTerminal()) {
            return printOnce(api, cluster, follower, state);
        }
        try (Screen screen = Screen.open()) {
            run(screen, api, cluster, follower, state);
        }
        return 0;
    }

    private void run(Screen screen, ApiClient api, LiveCluster cluster, Follower follower, TopState state)
            throws IOException, InterruptedException {
        BlockingQueue<String> keys = new LinkedBlockingQueue<>();
        Signals.on("WINCH", () -> keys.add(RESIZED));
        readKeys(keys);
        Screen.Size size = screen.size();
        LiveCluster.Snapshot snapshot = cluster.snapshot();
        while (!state.done) {
            follower.check();
            if (!state.paused) {
                snapshot = cluster.snapshot();
            }
            boolean colour = Style.isWanted(true, System.getenv());
            screen.show(frame(api, colour).lines(snapshot, state, size, follower.trouble()));
            follower.detail(state.detailUid);
            // until the first nodes are there, look more often
            long wait = snapshot.synced() ? watch.toMillis() : Math.min(100, watch.toMillis());
            String key = keys.poll(wait, TimeUnit.MILLISECONDS);
            while (key != null) {
                if (key.equals(RESIZED)) {
                    size = screen.size();
                } else {
                    state.press(key, TopFrame.page(size));
                }
                key = keys.poll();
            }
        }
    }

    private static void readKeys(BlockingQueue<String> keys) {
        Keyboard keyboard = new Keyboard(System.in);
        DaemonThreads.start("tacho-keys", () -> {
            try {
                String key;
                do {
                    key = keyboard.next();
                    keys.add(key);
                } while (!key.equals(Keyboard.END_OF_INPUT));
            } catch (IOException e) {
                keys.add(Keyboard.END_OF_INPUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static TopFrame frame(ApiClient api, boolean colour) {
        return new TopFrame(api.url(), colour, Instant.now().getEpochSecond(), System.nanoTime());
    }

    /** Waits for the first whole picture. */
    private static LiveCluster.Snapshot first(LiveCluster cluster, Follower follower)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FIRST_RESPONSE_MILLIS);
        LiveCluster.Snapshot snapshot = cluster.snapshot();
        while (!snapshot.synced()) {
            follower.check();
            if (System.nanoTime() - deadline > 0) {
                String trouble = follower.trouble();
                throw new IOException("no response: " + (trouble == null ? "nothing in 10 s" : trouble)
                        + " (expected: an aggregator at --url)");
            }
            TimeUnit.MILLISECONDS.sleep(20);
            snapshot = cluster.snapshot();
        }
        follower.totals();
        return cluster.snapshot();
    }

    private int printOnce(ApiClient api, LiveCluster cluster, Follower follower, TopState state)
            throws IOException, InterruptedException {
        LiveCluster.Snapshot snapshot = first(cluster, follower);
        PrintWriter out = spec.commandLine().getOut();
        int lines = snapshot.nodes().size() + 20;
        // a pipe has no edge
        frame(api, false).lines(snapshot, state, new Screen.Size(240, lines), null).stream()
                .limit(7L + Math.max(1, snapshot.nodes().size()))
                .map(String::stripTrailing)
                .forEach(out::println);
        out.flush();
        return 0;
    }

    private int printJson(LiveCluster cluster, Follower follower, TopState state)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LiveCluster.Snapshot snapshot = first(cluster, follower);
        do {
            out.println(JsonLines.of(snapshot, state.filter, state.sort, Instant.now()));
            if (once) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(watch.toMillis());
            follower.check();
            snapshot = cluster.snapshot();
        } while (!out.checkError());
        return 0;
    }
}
