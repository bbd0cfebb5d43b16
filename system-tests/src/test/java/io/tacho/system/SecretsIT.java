// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.process.ParentDeathWatchdog;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the programs with a secret in every setting that may have one, and searches everything they show. */
class SecretsIT {

    private static final String SECRET = "plantedsecret";
    /** A port without a listener. */
    private static final String REDIS = "redis://user:" + SECRET + "@127.0.0.1:1";

    private static final String METRICS_URL = "http://127.0.0.1:1/metrics?token=" + SECRET + "&api_key=" + SECRET;
    private static final Pattern LISTENING = Pattern.compile("listening (http://127\\.0\\.0\\.1:\\d+)\n");

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new TreeMap<>();
    private Process program;
    private ParentDeathWatchdog watchdog;

    private void start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(TachoProgram.command(arguments))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(environment);
        program = builder.start();
        watchdog = ParentDeathWatchdog.watch(program);
    }

    /** Runs a program until it ends, and returns its complete output. */
    private String run(String... arguments) throws Exception {
        start(arguments);
        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return read("out") + read("err");
    }

    @AfterEach
    void end() {
        watchdog.close();
        program.destroyForcibly();
    }

    private String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private void awaitLog(String text) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(read("err")).contains(text));
    }

    private static String get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("X-API-Key", SECRET)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private String[] agent(String... more) throws IOException {
        environment.put("TACHO_SOURCE_TOKEN", SECRET);
        List<String> arguments = new ArrayList<>(List.of(
                "agent", "--source", "centrifugo", "--url", METRICS_URL, "--redis", REDIS, "--log-level", "debug"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private String[] aggregator(String... more) throws IOException {
        environment.put("TACHO_API_SECRET", SECRET);
        environment.put("TACHO_REDIS_PASSWORD", SECRET);
        List<String> arguments = new ArrayList<>(List.of(
                "aggregator",
                "--listen",
                "127.0.0.1:0",
                "--redis",
                REDIS,
                "--read-keys-file",
                write("keys", "reader-" + SECRET + "\n"),
                "--alerts",
                write(
                        "alerts",
                        "webhook http://127.0.0.1:1/" + SECRET + "?token=" + SECRET
                                + "\nalertmanager http://127.0.0.1:1/" + SECRET + "\nrule stale stale > 1s\n"),
                "--log-level",
                "debug"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void agent_everyConnectionFails_showsNoSecret() throws Exception {
        start(agent("--publish-interval", "1s"));
        awaitLog("127.0.0.1:1/metrics");
        awaitLog("Redis at 127.0.0.1:1");

        assertThat(read("out") + read("err")).doesNotContain(SECRET);
    }

    @Test
    void aggregator_logMetricsAndCluster_showNoSecret() throws Exception {
        start(aggregator());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(read("out")).matches(LISTENING));
        Matcher listening = LISTENING.matcher(read("out"));
        assertThat(listening.find()).isTrue();
        for (String path : List.of("/metrics", "/cluster", "/alerts", "/-/ready", "/nodes?x=1", "/")) {
            assertThat(get(listening.group(1) + path)).as(path).isNotEmpty().doesNotContain(SECRET);
        }
        awaitLog("Redis at 127.0.0.1:1");

        assertThat(read("out") + read("err")).doesNotContain(SECRET);
    }

    @Test
    void printConfig_showsNoSecret() throws Exception {
        assertThat(run(agent("--print-config")))
                .contains("metrics?token=***&api_key=***", "redis://user:***@127.0.0.1:1")
                .doesNotContain(SECRET);
        end();
        assertThat(run(aggregator("--print-config")))
                .contains("api-secret = ***")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats --url http://user:%s@127.0.0.1:1",
                "top --once --url http://user:%s@127.0.0.1:1",
                "stats --url http://127.0.0.1:1/?api_key=%s",
                "agent --source centrifugo --url ftp://user:%s@h/m?token=%s",
                "agent --source centrifugo --url http://h/m|?token=%s",
                "agent --redis http://user:%s@h",
                "agent --redis redis://user:%s@h:99999?password=%s",
                "agent --redis redis://user:%s@h?password=%s",
                "aggregator --max-nodes redis://:%s@h",
                "aggregator redis://:%s@h",
                "demo clients --url http://user:%s@h/",
                "aggregator --redis-timeout redis://:%s@h",
                "aggregator --log-level redis://:%s@h",
                "aggregator --listen http://u:%s@h"
            })
    void error_showsNoSecret(String command) throws Exception {
        assertThat(run(command.replace("%s", SECRET).split(" "))).isNotEmpty().doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "webhook-file %s", "webhok %s", "rule x %s", "webhook ftp://u@h/%s", "alertmanager %s?x=y"
            })
    void errorInTheAlertFile_showsNoUrl(String line) throws Exception {
        String url = "https://hooks.example/" + SECRET;

        assertThat(run("aggregator", "--check-alerts", write("alerts", line.formatted(url) + "\n")))
                .contains("line 1")
                .doesNotContain(SECRET);
    }
}
