// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.WindowHistory;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Executes the shell commands of core/README.md. */
class WireContractIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final Pattern TESTED =
            Pattern.compile("<!-- tested by WireContractIT[^>]*-->\n```bash\n(.*?)```", Pattern.DOTALL);

    @Test
    void readmeShellCommands_publishNodeAndLeave() throws Exception {
        List<String> commands = commands();
        RecordingListener listener = new RecordingListener();
        try (RedisTransport transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotSource source = transport.source()) {
            source.start(listener);
            await().until(() -> listener.subscribed.get() == 1);

            run(commands.get(0), redis.uri());

            await().until(() -> listener.envelopes.size() == 1);
            List<StoredSnapshot> stored = source.loadAll().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(stored).hasSize(1);
            SnapshotEnvelope published = (SnapshotEnvelope) listener.envelopes.get(0);
            assertThat(stored.get(0).envelope().snapshot()).isEqualTo(published.snapshot());
            assertThat(published.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(42);
            assertThat(published.snapshot().number(Field.CPU_USAGE)).isEqualTo(3);
            assertThat(stored.get(0).remainingMillis()).isBetween(10_000L, 15_000L);

            run(commands.get(1), redis.uri());

            await().until(() -> listener.envelopes.size() == 2);
            assertThat(listener.envelopes.get(1).uid()).isEqualTo("my-node-1");
            assertThat(listener.envelopes.get(1).seq()).isGreaterThan(published.seq());
            assertThat(source.loadAll().toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isEmpty();
            assertThat(listener.malformed).isEmpty();
        }
    }

    private static List<String> commands() throws IOException {
        List<String> commands = TESTED.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(commands).hasSize(3);
        return commands;
    }

    @Test
    void readmeShellCommands_addUsersToWindow() throws Exception {
        long before = System.currentTimeMillis() / 60_000 * 60_000;
        String output = run(commands().get(2), redis.uri());
        long after = System.currentTimeMillis() / 60_000 * 60_000;

        assertThat(output).endsWith("2\n");
        try (RedisTransport transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher();
                WindowHistory history = transport.history()) {
            Encoded<HyperLogLog> users = HyperLogLog.of(List.of("bob", "cid")).encoded();
            for (long start = before; start <= after; start += 60_000) {
                publisher
                        .upload(batch(
                                "u" + start,
                                0,
                                1,
                                minute(start, 1).withDetail(new WindowDetail(null, null, users, null))))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS);
            }

            assertThat(history.changedSince(HistoryMark.START, 10)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS)
                            .windows())
                    .anySatisfy(window -> assertThat(window.detail().users())
                            .isEqualTo(
                                    HyperLogLog.of(List.of("ann", "bob", "cid")).encoded()));
        }
    }

    /** Runs commands with the installed redis-cli, or with its replacement in src/test/bin. */
    private static String run(String commands, String redisUri) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands).redirectErrorStream(true);
        bash.environment().put("TACHO_REDIS", redisUri);
        bash.environment().merge("PATH", ":" + Path.of("src/test/bin").toAbsolutePath(), String::concat);
        Process process = bash.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
