// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.demo;

import io.tacho.redis.embedded.EmbeddedRedis;
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
import picocli.CommandLine.Option;

/**
 * Lets the programs run for a moment as they will run, with a Redis, and keeps what the JVM has made of their classes: with
 * that they start in half the time.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description =
                "Writes class data archives of the programs, each <jar>.jsa beside its jar, for -XX:SharedArchiveFile.")
final class Rehearsal implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String NAME = "rehearsal";

    @Option(names = "--aggregator-jar", paramLabel = "PATH", required = true)
    private Path aggregatorJar = Path.of("tacho-aggregator.jar");

    @Option(names = "--agent-jar", paramLabel = "PATH", required = true)
    private Path agentJar = Path.of("tacho-agent.jar");

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("tacho-rehearsal-");
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                DemoProcess agent = start(directory, "agent", agentJar, redis, "--name", NAME);
                DemoProcess aggregator =
                        start(directory, "aggregator", aggregatorJar, redis, "--listen", "127.0.0.1:0")) {
            ask(aggregator.awaitAddress(TIMEOUT));
            keep(agent, directory.resolve("agent.jsa"), agentJar);
            keep(aggregator, directory.resolve("aggregator.jsa"), aggregatorJar);
        } finally {
            delete(directory);
        }
        return 0;
    }

    private static DemoProcess start(
            Path directory, String name, Path jar, EmbeddedRedis redis, String option, String value)
            throws IOException {
        List<String> command = new ArrayList<>(DemoCluster.javaCommand());
        command.add("-XX:ArchiveClassesAtExit=" + directory.resolve(name + ".jsa"));
        command.addAll(List.of("-jar", jar.toString(), "--redis", redis.uri(), option, value));
        return DemoProcess.start(name, command, directory.resolve(name + ".log"));
    }

    /** What is asked all the time, until the agent's node is in the answer. */
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

    /** The archive is written when the program ends; it takes its place whole or not at all. */
    private static void keep(DemoProcess program, Path archive, Path jar) throws IOException, InterruptedException {
        program.terminate();
        if (!program.awaitEnd(TIMEOUT) || !Files.exists(archive)) {
            throw new IOException(program.name() + " left no archive");
        }
        Path kept = Path.of(jar + "." + ProcessHandle.current().pid());
        Files.copy(archive, kept);
        Files.move(kept, Path.of(jar + ".jsa"), StandardCopyOption.ATOMIC_MOVE);
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
