// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.cli.bench.BenchSettings.Phase;
import io.tacho.cli.bench.Measurement.Better;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchResultsTest {

    @TempDir
    private Path directory;

    private static final BenchResults RESULTS = new BenchResults(
            BenchResults.SCHEMA,
            "2026-01-01T00:00:00Z",
            new Machine(2, "AMD EPYC", 24_000, "Linux 6.1", "0.2"),
            Map.of("redis", "7.0.15"),
            new BenchSettings(Set.of(Phase.POLLS), List.of(10), List.of(1, 32), 2, 3),
            Map.of("polls", 12.5),
            List.of(
                    Measurement.of("polls", "1/s", Better.HIGHER, 4, 2, 9).beside("nginx", 2, 2, 3),
                    Measurement.of("start", "s", Better.LOWER, 0.5)));

    @Test
    void file_hasMediansAndRatios() throws IOException {
        Path file = directory.resolve("results.json");
        RESULTS.write(file);

        assertThat(Files.readString(file)).isEqualToNormalizingNewlines("""
                {
                  "schema" : 2,
                  "at" : "2026-01-01T00:00:00Z",
                  "machine" : {
                    "cpus" : 2,
                    "processor" : "AMD EPYC",
                    "memoryMegabytes" : 24000,
                    "system" : "Linux 6.1",
                    "load" : "0.2"
                  },
                  "versions" : {
                    "redis" : "7.0.15"
                  },
                  "settings" : {
                    "phases" : [ "POLLS" ],
                    "nodes" : [ 10 ],
                    "connections" : [ 1, 32 ],
                    "seconds" : 2,
                    "runs" : 3
                  },
                  "seconds" : {
                    "polls" : 12.5
                  },
                  "measurements" : [ {
                    "name" : "polls",
                    "unit" : "1/s",
                    "better" : "higher",
                    "values" : [ 4.0, 2.0, 9.0 ],
                    "peer" : "nginx",
                    "peerValues" : [ 2.0, 2.0, 3.0 ],
                    "median" : 4.0,
                    "ratio" : 2.0
                  }, {
                    "name" : "start",
                    "unit" : "s",
                    "better" : "lower",
                    "values" : [ 0.5 ],
                    "peer" : null,
                    "peerValues" : [ ],
                    "median" : 0.5,
                    "ratio" : null
                  } ]
                }""");
    }

    @Test
    void read_writtenResults_areEqual() throws IOException {
        Path file = directory.resolve("results.json");
        RESULTS.write(file);

        assertThat(BenchResults.read(file)).isEqualTo(RESULTS);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("other.json"), content);
    }

    @Test
    void read_otherFiles_rejectedWithTheirName() throws IOException {
        Path missing = directory.resolve("missing.json");
        assertThatThrownBy(() -> BenchResults.read(missing))
                .hasMessage(missing + " is missing or unreadable (expected: results of tacho bench)");

        Path future = file("{\"schema\":3,\"measurements\":[]}");
        assertThatThrownBy(() -> BenchResults.read(future))
                .hasMessage(future + ": schema 3 (expected: 2, results of this version of tacho bench)");
        file("{\"at\":\"2026\",\"ingest\":{}}");
        assertThatThrownBy(() -> BenchResults.read(future)).hasMessageContaining(": schema 0 (expected: 2");
        file("[]");
        assertThatThrownBy(() -> BenchResults.read(future)).hasMessageContaining(": schema 0 (expected: 2");
        file("");
        assertThatThrownBy(() -> BenchResults.read(future)).hasMessageContaining(": schema 0 (expected: 2");
    }

    @Test
    void read_truncatedOrIncomplete_rejected() throws IOException {
        Path file = directory.resolve("results.json");
        RESULTS.write(file);
        String whole = Files.readString(file);

        Path half = file(whole.substring(0, whole.length() / 2));
        assertThatThrownBy(() -> BenchResults.read(half)).hasMessageStartingWith(half + " is no JSON of tacho bench: ");
        file("{\"schema\":2}");
        assertThatThrownBy(() -> BenchResults.read(half))
                .hasMessage(half + ": incomplete (expected: machine, versions and measurements)");
        file(whole.replace("\"higher\"", "\"sideways\""));
        assertThatThrownBy(() -> BenchResults.read(half)).hasMessageStartingWith(half + " is no JSON of tacho bench: ");
    }

    @Test
    void median_oddAndEvenNumberOfValues() {
        assertThat(Measurement.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Measurement.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    }

    @Test
    void spread_withPeer_isOfTheRatiosPerRun() {
        Measurement alone = Measurement.of("m", "1/s", Better.HIGHER, 100, 200, 400);

        assertThat(alone.spread()).isEqualTo(1.5);
        // a slowdown of both at the same time cancels out
        assertThat(alone.beside("nginx", 50, 100, 200).spread()).isZero();
        assertThat(alone.beside("nginx", 100).spread()).isEqualTo(1.5);
        assertThat(Measurement.of("m", "1/s", Better.HIGHER, 7).spread()).isEqualTo(0.25);
        assertThat(Measurement.of("m", "1/s", Better.HIGHER, 0, 0).spread()).isEqualTo(0.25);
    }

    @Test
    void ratio_ofMedians_peerIsZero_isAbsent() {
        assertThat(Measurement.of("m", "ms", Better.LOWER, 3).beside("nginx", 0).ratio())
                .isNull();
        assertThat(Measurement.of("m", "ms", Better.LOWER, 3).beside("nginx", 2).ratio())
                .isEqualTo(1.5);
    }

    @Test
    void measurement_withoutValues_rejected() {
        assertThatThrownBy(() -> Measurement.of("p99", "ms", Better.LOWER))
                .hasMessage("p99: no values (expected: at least one)");
    }
}
