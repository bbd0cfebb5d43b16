// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.history;

import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisReaderOptions;
import io.tacho.codec.PeriodCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import io.tacho.store.PeriodStore;
import io.tacho.store.TierRetention;
import io.tacho.text.TextFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stores the hours, days and months of an exported file in Redis. */
@Command(
        name = "import",
        versionProvider = Program.Version.class,
        description = {
            "Stores the hours, days and months of a file that 'export' has written. A period that Redis has with as",
            "many windows of nodes or more stays as it is, so an import can be repeated. A period that is older than its",
            "retention is not stored: give the aggregators' --history-hours, --history-days and --history-months."
        },
        footer = {
            "",
            "Exit status: 0; 1 if Redis does not respond; 2 for a wrong option or an invalid line, which is named; the",
            "lines before it are stored."
        })
public final class HistoryImport implements Callable<Integer> {

    /** The bytes of the longest line: two histograms and two sketches of the largest size, and the numbers. */
    private static final int MAX_LINE = 256 * 1024;

    @Mixin
    private final RedisReaderOptions redis = new RedisReaderOptions();

    @Mixin
    private final RetentionOptions retention = new RetentionOptions();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        TierRetention tiers = retention.retention();
        int stored = 0;
        int expired = 0;
        int number = 0;
        try (RedisTransport transport = new RedisTransport(redis.settings(), new SnapshotCodec());
                PeriodStore store = transport.periods(tiers);
                InputStream lines = open()) {
            for (byte[] line = readLine(lines, 1); line != null; line = readLine(lines, number + 1)) {
                PeriodCodec.Line read = parse(line, ++number);
                if (tiers.expiryMillis(read.period()) <= System.currentTimeMillis()) {
                    expired++;
                } else if (Responses.await(store.restore(read.period(), read.summary()))) {
                    stored++;
                }
            }
        }
        spec.commandLine()
                .getOut()
                .println("imported " + stored + " of " + number + " hours, days and months; "
                        + (number - stored - expired) + " were there already"
                        + (expired == 0 ? "" : ", " + expired + " are older than their retention"));
        return 0;
    }

    private InputStream open() throws IOException {
        try {
            return new BufferedInputStream(Files.newInputStream(file));
        } catch (IOException e) {
            throw new IOException(
                    "FILE: cannot read " + file + ", " + TextFiles.cause(e) + " (expected: a readable file)", e);
        }
    }

    /** {@return the next line without its end; null at the end of the file} */
    private static byte @Nullable [] readLine(InputStream lines, int number) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = lines.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = lines.read()) {
            if (line.size() == MAX_LINE) {
                throw new IllegalArgumentException(
                        "line " + number + ": too long (expected: at most " + MAX_LINE + " bytes)");
            }
            line.write(next);
        }
        return line.toByteArray();
    }

    private static PeriodCodec.Line parse(byte[] line, int number) {
        try {
            return PeriodCodec.line(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
    }
}
