// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.history;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.program.Program;
import io.tacho.cli.terminal.HistoryMain;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.WindowDetail;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.testing.Summaries;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Exports the history of a real Redis to a file, and imports it. */
class HistoryExportIT {

    private static final int DAYS = 3;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis first;
    private static EmbeddedRedis second;
    private static Path exported;

    private record Result(int status, String output) {}

    private static Result run(String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine line = Program.commandLine(new HistoryMain(), Map.of())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(output, true));
        return new Result(line.execute(arguments), output.toString());
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Days of one window, each with half of the users of the one before. */
    @BeforeAll
    static void export() throws Exception {
        first = EmbeddedRedis.start();
        second = EmbeddedRedis.start();
        exported = directory.resolve("history.ndjson");
        PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
        try (RedisTransport transport = new RedisTransport(RedisSettings.of(first.uri()), new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher();
                PeriodStore store = transport.periods(TierRetention.DEFAULT)) {
            for (int day = 0; day < DAYS; day++) {
                var window = minute(SLOT + 86_400_000L * day, 10 + day, 425, 500)
                        .withDetail(new WindowDetail(
                                null,
                                null,
                                Summaries.users(500 * day, 500 * day + 1_000).encoded(),
                                null));
                get(publisher.upload(batch("u1", day, day + 1, window)));
            }
            for (Tier tier : List.of(Tier.HOUR, Tier.DAY, Tier.MONTH)) {
                Map<Period, List<Period>> targets = get(store.index(tier.finer())).changes().keySet().stream()
                        .collect(Collectors.groupingBy(source -> utc.containing(tier, source.middleSeconds())));
                for (Map.Entry<Period, List<Period>> target : targets.entrySet()) {
                    get(store.rollUp(
                            target.getKey(), target.getValue().stream().sorted().toList()));
                }
            }
        }
        assertThat(run("export", "--redis", first.uri(), exported.toString()))
                .isEqualTo(new Result(0, "exported 7 hours, days and months" + System.lineSeparator()));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @Test
    void importAndExport_areByteIdentical() throws Exception {
        Path again = directory.resolve("again.ndjson");

        Result imported = run("import", "--redis", second.uri(), exported.toString());
        run("export", "--redis", second.uri(), again.toString());

        assertThat(imported.output()).startsWith("imported 7 of 7 hours, days and months; 0 were there already");
        assertThat(again).hasSameBinaryContentAs(exported);
        assertThat(run("import", "--redis", second.uri(), exported.toString()).output())
                .startsWith("imported 0 of 7 hours, days and months; 7 were there already");
        assertThat(Files.readAllLines(exported)).hasSize(7).last().asString().contains("\"tier\":\"month\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"v\":1,\"tier\":\"ho", "", "\u00ff", "{\"v\":1,\"tier\":\"\u00ff\"}", "[]"})
    void import_invalidLine_isReportedWithItsNumber(String invalid) throws Exception {
        Path broken = directory.resolve("broken.ndjson");
        List<String> lines = Files.readAllLines(exported);
        Files.write(broken, List.of(lines.get(0), invalid, lines.get(1)), ISO_8859_1);

        Result result = run("import", "--redis", first.uri(), broken.toString());

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output()).startsWith("tacho history import: line 2: ").contains(" (expected: ");
    }

    @Test
    void import_absentFile_isReported() {
        Path absent = directory.resolve("absent.ndjson");

        Result result = run("import", "--redis", second.uri(), absent.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .isEqualTo("tacho history import: FILE: cannot read " + absent
                        + ", no such file (expected: a readable file)\n");
    }

    @Test
    void export_intoAMissingDirectory_isReported() {
        Path file = directory.resolve("absent/history.ndjson");

        Result result = run("export", "--redis", second.uri(), file.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .isEqualTo("tacho history export: FILE: cannot write " + file
                        + ", no such directory (expected: a file in a writable directory)\n");
    }

    @Test
    void import_beyondTheRetention_storesNothing() throws Exception {
        Path old = Files.writeString(
                directory.resolve("old.ndjson"),
                "{\"v\":1,\"tier\":\"hour\",\"start\":3600,\"length\":3600,\"numbers\":{\"node_windows\":1}}");

        assertThat(run("import", "--redis", second.uri(), old.toString()).output())
                .startsWith(
                        "imported 0 of 1 hours, days and months; 0 were there already, 1 are older than their retention");
    }

    @Test
    void import_endlessLine_isRejected() throws Exception {
        Path endless = Files.writeString(directory.resolve("endless.ndjson"), "x".repeat(1 << 20));

        Result result = run("import", "--redis", second.uri(), endless.toString());

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output())
                .startsWith("tacho history import: line 1: too long (expected: at most 262144 bytes)");
    }

    @Test
    void export_toADevice_writesToTheDeviceWithoutPartFile() throws Exception {
        Result result = run("export", "--redis", first.uri(), "/dev/null");

        assertThat(result.output()).startsWith("exported 7 hours, days and months");
        assertThat(Path.of("/dev/null.part")).doesNotExist();
    }

    @Test
    void export_withoutRedis_earlierFileIsUnchanged() throws Exception {
        Path backup = Files.writeString(directory.resolve("backup.ndjson"), "earlier");

        Result result = run("export", "--redis", "redis://127.0.0.1:1", backup.toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(backup).hasContent("earlier");
        assertThat(directory.resolve("backup.ndjson.part")).doesNotExist();
    }

    @Test
    void export_withoutRedis_fails() {
        Result result = run(
                "export",
                "--redis",
                "redis://127.0.0.1:1",
                "--redis-timeout",
                "200ms",
                directory.resolve("none.ndjson").toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).startsWith("tacho history export: ");
    }

    @Test
    void sketches_areReadByPython() throws Exception {
        Path script = Path.of(HistoryExportIT.class.getResource("pfcount.py").toURI());

        Process python = new ProcessBuilder(
                        "python3",
                        script.toString(),
                        exported.toString(),
                        Integer.toString(URI.create(second.uri()).getPort()))
                .redirectErrorStream(true)
                .start();
        List<String> lines = python.inputReader().lines().toList();

        assertThat(lines).hasSize(8);
        assertThat(count(lines.get(0))).isBetween(980L, 1_020L);
        assertThat(count(lines.get(6))).as("month").isBetween(1_960L, 2_040L);
        assertThat(lines.get(7)).startsWith("days ");
        assertThat(count(lines.get(7))).as("the union of the days").isEqualTo(count(lines.get(6)));
    }

    private static long count(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }
}
