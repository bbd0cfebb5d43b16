// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.MemoryLimits;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code top} and {@code stats} as processes whose output is a pipe. */
class TerminalIT {

    private record Ended(int status, String out, String err) {}

    private static final String KEY = "open-sesame";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    @AutoClose
    private static final Resources RESOURCES = new Resources();

    private static SnapshotPublisher publisher;
    private static TestAggregator aggregator;

    @BeforeAll
    static void start() throws Exception {
        EmbeddedRedis redis = RESOURCES.closeLater(EmbeddedRedis.start());
        RedisTransport transport =
                RESOURCES.closeLater(new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec()));
        publisher = RESOURCES.closeLater(transport.publisher());
        for (String name : List.of("b", "a", "c,\"d\"")) {
            publisher
                    .publish(Snapshots.beat("uid-" + name.hashCode(), name, 1, 600_000))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
        aggregator = RESOURCES.closeLater(TestAggregator.start(new AggregatorSettings(
                HttpSettings.of(new InetSocketAddress("127.0.0.1", 0), 100, new ApiSecret(KEY)),
                AggregatorSettings.Insecure.NOT_ALLOWED,
                RedisSettings.of(redis.uri()),
                Duration.ofSeconds(15),
                MemoryLimits.ofThisJvm())));
        await().atMost(Duration.ofSeconds(20)).until(aggregator::isReady);
    }

    private static Ended run(String program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = TachoProgram.command(program);
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Ended keyed(String program, String... arguments) throws IOException, InterruptedException {
        return run(program, Map.of("TACHO_API_KEY", KEY, "TACHO_URL", aggregator.url()), arguments);
    }

    @Test
    void stats_printsATable() throws Exception {
        Ended ended = keyed("stats", "--columns", "name,clients,cpu", "--sort", "-name");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines().toList()).hasSize(4);
        assertThat(ended.out()).startsWith("NAME   CLIENTS    CPU\nc,\"d\" ").doesNotContain("\u001b");
    }

    @Test
    void stats_csv_hasAllFieldsInCatalogueOrder() throws Exception {
        Ended ended = keyed("stats", "--csv", "--filter", "name=c,\"d\"");

        List<String> lines = ended.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("uid,name,num_goroutine,").endsWith(",memory_sys,cpu_usage");
        assertThat(lines.get(1)).contains(",\"c,\"\"d\"\"\",");
    }

    @Test
    void stats_json_hasTheFormatOfTheApi() throws Exception {
        Ended ended = keyed("stats", "--json");

        JsonNode data = JSON.readTree(ended.out()).path("data");
        assertThat(data.path("nodes").findValuesAsText("name")).containsExactly("a", "b", "c,\"d\"");
        assertThat(data.path("nodes").get(0)).hasSize(22);
        assertThat(data.path("metrics_interval").asLong()).isPositive();
    }

    @Test
    void key_missingOrWrong_isRejected_fileIsAccepted() throws Exception {
        Path file = Files.writeString(directory.resolve("key"), KEY + "\n");

        Ended none = run("stats", Map.of(), "--url", aggregator.url());
        Ended wrong = run("top", Map.of("TACHO_API_KEY", "x"), "--once", "--url", aggregator.url());
        Ended right = run("stats", Map.of(), "--url", aggregator.url(), "--api-key-file", file.toString());

        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err())
                .isEqualTo("tacho stats: the aggregator requires a key"
                        + " (expected: TACHO_API_KEY in the environment, or --api-key-file)\n");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).isEqualTo("tacho top: the aggregator rejects the key (expected: one that may read)\n");
        assertThat(right.status()).isZero();
    }

    @Test
    void top_onceAndJson() throws Exception {
        Ended once = keyed("top", "--once", "--filter", "name=a");
        Ended json = keyed("top", "--once", "--json", "--filter", "state:live");

        assertThat(once.status()).isZero();
        assertThat(once.out())
                .startsWith("Tacho  tacho  " + aggregator.url() + " · windows of 60 s")
                // another test of this class loses a node
                .containsPattern("\n3 nodes live( · gone lost [^·\n]*)?\n")
                .doesNotContain("\u001b");
        assertThat(once.out().lines().filter(line -> line.startsWith("live "))).hasSize(1);
        assertThat(JSON.readTree(json.out()).path("nodes").findValuesAsText("state"))
                .containsExactly("live", "live", "live");
    }

    @Test
    void top_startedAfterALoss_showsTheLostNode() throws Exception {
        publisher
                .publish(Snapshots.beat("uid-gone", "gone", 1, 500))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(20)).until(() -> aggregator.metrics().eventTotal(MembershipEvent.LOST) == 1);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(keyed("top", "--once").out().lines().filter(line -> line.startsWith("lost ")))
                                .singleElement(STRING)
                                .contains("gone"));
    }

    @Test
    void unreachableServerOrInvalidOptions_areReported() throws Exception {
        Ended unreachable = run("stats", Map.of(), "--url", "http://127.0.0.1:1");
        Ended option = run("top", Map.of(), "--sort", "foo");
        Ended url = run("stats", Map.of(), "--url", "ftp://x");

        assertThat(unreachable.status()).isEqualTo(1);
        assertThat(unreachable.err())
                .startsWith("tacho stats: no response from http://127.0.0.1:1: Connection refused");
        assertThat(option.status()).isEqualTo(2);
        assertThat(option.err()).startsWith("tacho top: column: 'foo' (expected: one of uid, name,");
        assertThat(url.status()).isEqualTo(2);
        assertThat(url.err()).startsWith("tacho stats: url: 'ftp://x' (expected: http://host:port");
    }
}
