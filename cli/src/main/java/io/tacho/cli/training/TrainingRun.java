// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.training;

import io.tacho.cli.process.TachoCommand;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * A CDS training run: runs agent and aggregator briefly as in production, beside a Redis, and archives the classes that they
 * load, those of the JDK too. A JVM with such an archive starts in half the time, and maps no class that its program does not
 * use.
 */
@Command(
        name = "tacho train",
        hidden = true,
        description = "Writes class-data archives, <jar>.<subcommand>.jsa beside the jar, for -XX:SharedArchiveFile.")
public final class TrainingRun implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String NAME = "training-run";

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("tacho-training-");
        try (EmbeddedRedis redis = EmbeddedRedis.startInstalledOrBundled(0);
                ChildProcess agent = start(directory, "agent", redis, "--name", NAME);
                ChildProcess aggregator = start(directory, "aggregator", redis, "--listen", "127.0.0.1:0")) {
            ask(aggregator.awaitAddress(TIMEOUT));
            keep(agent, directory, "-XX:+UseSerialGC");
            // with the collector of production, which maps objects of the archive into its heap
            keep(aggregator, directory, "-XX:+UseG1GC");
        } finally {
            delete(directory);
        }
        return 0;
    }

    private static ChildProcess start(
            Path directory, String subcommand, EmbeddedRedis redis, String option, String value) throws IOException {
        List<String> flags = new ArrayList<>(TachoCommand.SMALL_JVM);
        // all classes as files have them: an archive that is in use would hide some
        flags.add("-Xshare:off");
        flags.add("-XX:DumpLoadedClassList=" + classes(directory, subcommand));
        List<String> command = TachoCommand.of(flags, List.of(subcommand, "--redis", redis.uri(), option, value));
        return ChildProcess.start(subcommand, command, directory);
    }

    private static Path classes(Path directory, String subcommand) {
        return directory.resolve(subcommand + ".classes");
    }

    /** Requests the API repeatedly until the agent's node is in the response. */
    private static void ask(String url) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!get(http, url + "/stats").contains(NAME)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the agent's node is not listed after " + TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        get(http, url + "/-/ready");
        get(http, url + "/cluster");
    }

    private static String get(HttpClient http, String url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Archives the classes of a program when it has ended; the archive takes its place whole or not at all. */
    private static void keep(ChildProcess program, Path directory, String collector)
            throws IOException, InterruptedException {
        program.terminate();
        Path archive = directory.resolve(program.name() + ".jsa");
        if (!program.awaitEnd(TIMEOUT) || !dump(program.name(), directory, archive, collector)) {
            throw new IOException(program.name() + " left no archive");
        }
        String target = System.getProperty("java.class.path") + "." + program.name() + ".jsa";
        Path copy = Path.of(target + "." + ProcessHandle.current().pid());
        Files.copy(archive, copy);
        Files.move(copy, Path.of(target), StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean dump(String subcommand, Path directory, Path archive, String collector)
            throws IOException, InterruptedException {
        List<String> flags = List.of(
                collector,
                // the default on a large machine does not fit the references of a small heap
                "-Xmx256m",
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + classes(directory, subcommand),
                "-XX:SharedArchiveFile=" + archive);
        try (ChildProcess dump =
                ChildProcess.start(subcommand + "-dump", TachoCommand.of(flags, List.of()), directory)) {
            return dump.awaitEnd(TIMEOUT) && Files.exists(archive);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
