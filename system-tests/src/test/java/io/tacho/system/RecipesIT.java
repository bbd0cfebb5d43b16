// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.FreePorts;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The configurations of docs/recipes.md, with a real nginx. */
class RecipesIT {

    private static final Path PAGE = Path.of("../docs/recipes.md");
    private static final Pattern FILE = Pattern.compile("(?:href|src)=\"([^\"#]+)\"");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @AutoClose
    private final Resources resources = new Resources();

    private SnapshotPublisher publisher;
    private TestAggregator aggregator;

    @BeforeEach
    void start() throws Exception {
        EmbeddedRedis redis = resources.closeLater(EmbeddedRedis.start());
        RedisTransport transport =
                resources.closeLater(new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec()));
        publisher = resources.closeLater(transport.publisher());
        aggregator = resources.closeLater(TestAggregator.start(redis.uri()));
        publish("a");
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> aggregator.names(), List.of("a")::equals);
    }

    private void publish(String name) throws Exception {
        publisher
                .publish(Snapshots.beat(name, name, System.currentTimeMillis(), 600_000))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        return block.results().map(found -> found.group(1)).toList();
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    /** Returns the URL of an nginx that has this configuration. */
    private String startNginx() throws IOException {
        int port = FreePorts.any();
        Path nginx = InstalledProgram.require("nginx", "nginx");
        String locations = blocks("nginx").get(0).replace("http://127.0.0.1:7022/", aggregator.url() + "/");
        Path config = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    server {
                        listen 127.0.0.1:%2$d;
                        %3$s
                    }
                }
                """.formatted(directory, port, locations));
        resources.closeLater(ChildProcess.start(
                "nginx", List.of(nginx.toString(), "-p", directory.toString(), "-c", config.toString()), directory));
        String site = "http://127.0.0.1:" + port;
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> get(site + "/tacho/-/healthy").statusCode() == 200);
        return site;
    }

    @Test
    void nginx_subpath_servesDashboardFilesAndApi() throws Exception {
        String site = startNginx();
        assertThat(get(site + "/tacho").statusCode()).isEqualTo(301);
        HttpResponse<String> page = get(site + "/tacho/");
        assertThat(page.statusCode()).isEqualTo(200);
        List<String> files = FILE.matcher(page.body())
                .results()
                .map((MatchResult file) -> file.group(1))
                .toList();
        assertThat(files).hasSizeGreaterThan(3);
        for (String file : files) {
            String url = URI.create(site + "/tacho/").resolve(file).toString();
            assertThat(url).startsWith(site + "/tacho/");
            assertThat(get(url).statusCode()).as(url).isEqualTo(200);
        }
        assertThat(get(site + "/tacho/stats").body())
                .isEqualTo(aggregator.send("/stats").body());
        assertThat(get(site + "/tacho/nodes/a").statusCode()).isEqualTo(200);
    }

    @Test
    void nginx_events_areNotBuffered() throws Exception {
        String site = startNginx();
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpResponse<Stream<String>> events = HTTP.send(
                HttpRequest.newBuilder(URI.create(site + "/tacho/events")).build(), BodyHandlers.ofLines());
        Thread reader = new Thread(() -> {
            try (Stream<String> read = events.body()) {
                read.forEach(lines::add);
            } catch (RuntimeException e) {
                // nginx has ended
            }
        });
        reader.setDaemon(true);
        reader.start();
        await().atMost(TIMEOUT).until(() -> lines.contains("event: synced"));

        publish("b");
        // long before the next alive event, which would flush a buffer
        await().atMost(Duration.ofSeconds(8)).until(() -> lines.contains("event: joined"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void keda_queries_haveValues() throws Exception {
        List<Map<String, Map<String, String>>> triggers = blocks("yaml").stream()
                .flatMap(block -> ((Map<String, List<Map<String, Map<String, String>>>>) new Yaml().load(block))
                        .get("triggers").stream())
                .toList();
        assertThat(triggers).hasSize(2);

        String location = triggers.get(0).get("metadata").get("valueLocation");
        JsonNode value = aggregator.cluster().at("/" + location.replace('.', '/'));
        assertThat(value.isNumber()).isTrue();
        String metric = triggers.get(1).get("metadata").get("query").replaceAll("max\\((\\w+)\\)", "$1");
        String samples = aggregator.send("/metrics?nodes=0").body();
        assertThat(samples).containsPattern("(?m)^" + metric + " " + value.asLong() + "(\\.0)?$");
    }
}
