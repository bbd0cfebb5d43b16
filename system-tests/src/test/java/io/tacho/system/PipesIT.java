// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tacho.codec.SnapshotCodec;
import io.tacho.process.ParentDeathWatchdog;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TachoProgram;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs whose output goes to a pipe: the reader may end first, and the locale may know ASCII only. */
class PipesIT {

    private static final String NAME = "世界-1";

    @TempDir
    private Path directory;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer aggregator;
    private Process program;
    private ParentDeathWatchdog watchdog;

    @BeforeEach
    void serve() throws IOException {
        String node = new String(
                new SnapshotCodec()
                        .encodeNode(Snapshots.stored("u1", NAME, 1).envelope().snapshot()),
                UTF_8);
        aggregator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aggregator.setExecutor(threads);
        aggregator.createContext("/stats", exchange -> {
            byte[] body = ("{\"data\":{\"nodes\":[" + node + "],\"metrics_interval\":60}}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        aggregator.createContext("/events", this::events);
        aggregator.start();
    }

    private void events(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("event: reset\ndata: {}\n\nevent: synced\ndata: {}\n\n".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    @AfterEach
    void end() {
        ended.countDown();
        watchdog.close();
        program.destroyForcibly();
        aggregator.stop(0);
        threads.shutdownNow();
    }

    private BufferedReader start(String arguments) throws IOException {
        String url = "http://127.0.0.1:" + aggregator.getAddress().getPort();
        String[] words = arguments.replace("URL", url).split(" ");
        ProcessBuilder builder =
                new ProcessBuilder(TachoProgram.command(words)).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        program = builder.start();
        watchdog = ParentDeathWatchdog.watch(program);
        return new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats --csv --watch 100ms --url URL",
                "stats --json --watch 100ms --url URL",
                "top --json --watch 100ms --url URL",
                "agent --dry-run --publish-interval 200ms"
            })
    void readerEnds_programEnds(String arguments) throws Exception {
        try (BufferedReader out = start(arguments)) {
            assertThat(out.readLine()).isNotEmpty();
        }

        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats --csv --url URL",
                "stats --json --watch 100ms --url URL",
                "top --json --watch 100ms --url URL",
                "agent --dry-run --publish-interval 200ms",
                "agent --print-config",
                "aggregator --help",
                "completion",
                "--version"
            })
    void outputNotWritable_programFails(String arguments) throws Exception {
        String url = "http://127.0.0.1:" + aggregator.getAddress().getPort();
        Path err = Files.createTempFile(directory, "err", "");
        program = new ProcessBuilder(
                        TachoProgram.command(arguments.replace("URL", url).split(" ")))
                .redirectOutput(new File("/dev/full"))
                .redirectError(err.toFile())
                .start();
        watchdog = ParentDeathWatchdog.watch(program);

        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(err))
                .contains("standard output: No space left on device (expected: a file or pipe with room)");
        assertThat(program.exitValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--csv", "--format=tsv", "--format=table"})
    void stats_printUtf8InAnAsciiLocale(String format) throws Exception {
        try (BufferedReader out = start("stats --url URL " + format)) {
            assertThat(out.lines().toList()).anyMatch(line -> line.contains(NAME));
        }
        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
