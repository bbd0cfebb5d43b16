// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.history;

import io.tacho.cli.program.Program;
import io.tacho.cli.program.RedisReaderOptions;
import io.tacho.codec.PeriodCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.redis.RedisTransport;
import io.tacho.store.PeriodStore;
import io.tacho.store.TierRetention;
import io.tacho.text.TextFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the hours, days and months that Redis has to a file. */
@Command(
        name = "export",
        versionProvider = Program.Version.class,
        description = {"Writes all hours, days and months in Redis to a file, a line of JSON for each, in their order."
        },
        footer = {"", "Exit status: 0; 1 if Redis does not respond or the file cannot be written; 2 for a wrong option."
        })
public final class HistoryExport implements Callable<Integer> {

    private static final int BATCH = 100;

    @Mixin
    private final RedisReaderOptions redis = new RedisReaderOptions();

    @Parameters(paramLabel = "FILE", description = "The file; an existing one is replaced.")
    private Path file = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int count = Files.exists(file) && !Files.isRegularFile(file) ? write(file) : replace();
        spec.commandLine().getOut().println("exported " + count + " hours, days and months");
        return 0;
    }

    /** An earlier file is replaced by a complete one only; a pipe or a device is written to as it is. */
    private int replace() throws IOException, InterruptedException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            int count = write(part);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return count;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private OutputStream open(Path target) throws IOException {
        try {
            return new BufferedOutputStream(Files.newOutputStream(target));
        } catch (IOException e) {
            String cause = e instanceof NoSuchFileException ? "no such directory" : TextFiles.cause(e);
            throw new IOException(
                    "FILE: cannot write " + file + ", " + cause + " (expected: a file in a writable directory)", e);
        }
    }

    private int write(Path target) throws IOException, InterruptedException {
        int count = 0;
        try (RedisTransport transport = new RedisTransport(redis.settings(), new SnapshotCodec());
                PeriodStore store = transport.periods(TierRetention.DEFAULT);
                OutputStream out = open(target)) {
            for (Tier tier : List.of(Tier.HOUR, Tier.DAY, Tier.MONTH)) {
                List<Period> periods = Responses.await(store.index(tier)).changes().keySet().stream()
                        .sorted()
                        .toList();
                for (int from = 0; from < periods.size(); from += BATCH) {
                    List<Period> batch = periods.subList(from, Math.min(periods.size(), from + BATCH));
                    Map<Period, PeriodSummary> summaries = Responses.await(store.read(batch));
                    for (Period period : batch) {
                        PeriodSummary summary = summaries.get(period);
                        if (summary != null) {
                            out.write(PeriodCodec.line(period, summary));
                            out.write("\n".getBytes(StandardCharsets.US_ASCII));
                            count++;
                        }
                    }
                }
            }
        }
        return count;
    }
}
