// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Isolated
class ReloadTest {

    @Command(name = "sample")
    static final class Sample {

        @Option(names = "--greeting")
        String greeting = "hello";

        @Option(names = "--limit")
        int limit = 7;

        @Option(names = "--size")
        int size = 1;

        @Mixin
        ConfigOptions config = new ConfigOptions();
    }

    @TempDir
    private Path directory;

    private final Sample sample = new Sample();
    private final List<String> greetings = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Reload.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path file;
    private Reload reload;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(directory.resolve("sample.properties"), "greeting = one\nsize = 2\n");
        CommandLine line = Program.commandLine(sample, Map.of("TACHO_SIZE", "3"));
        line.parseArgs("--config", file.toString());
        reload = new Reload(line.getCommandSpec()).with(this::greet, "greeting");
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private String greet() {
        if (sample.greeting.equals("bad")) {
            throw new IllegalArgumentException("greeting: bad (expected: a good one)");
        }
        greetings.add(sample.greeting);
        return sample.greeting.equals("one") ? "" : "another greeting";
    }

    /** Reloads with this file, and returns the logged lines. */
    private List<String> reloaded(String text) throws IOException {
        Files.writeString(file, text);
        log.list.clear();
        reload.run();
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void run_changedFile_isApplied() throws IOException {
        assertThat(reloaded("greeting = two\nsize = 2\n")).containsExactly("INFO reloaded: another greeting");
        assertThat(reloaded("greeting = one\nsize = 2\n")).containsExactly("INFO reloaded: nothing has changed");
        assertThat(reloaded("size = 2\n")).containsExactly("INFO reloaded: another greeting");
        assertThat(greetings).containsExactly("two", "one", "hello");
    }

    @Test
    void run_invalidFile_isIgnored() throws IOException {
        assertThat(reloaded("greeting = two\nlimt = 3\n"))
                .containsExactly("WARN nothing reloaded, all stays as it was: " + file
                        + ":2: limt: no such setting (expected: limit)");
        assertThat(reloaded("greeting = two\nlimit = x\n"))
                .containsExactly("WARN nothing reloaded, all stays as it was: " + file
                        + ":2: limit: 'x' (expected: a whole number)");
        Files.delete(file);
        reload.run();
        assertThat(log.list.get(log.list.size() - 1).getFormattedMessage()).contains("config: cannot read " + file);
        assertThat(greetings).isEmpty();
        assertThat(reloaded("greeting = two\nsize = 2\n")).containsExactly("INFO reloaded: another greeting");
    }

    @Test
    void run_rejectedSetting_isUnchanged_othersAreApplied() throws IOException {
        List<String> others = new ArrayList<>();
        reload.with(() -> {
            others.add("ran");
            return "the other";
        });

        assertThat(reloaded("\ngreeting = bad\nsize = 2\n"))
                .containsExactly(
                        "WARN not reloaded, stays as it was: " + file + ":2: greeting: bad (expected: a good one)",
                        "INFO reloaded: the other");
        assertThat(others).hasSize(1);
    }

    @Test
    void run_settingsThatRequireARestart_areLogged() throws IOException {
        // settings of the environment override the file at the next start, too
        assertThat(reloaded("greeting = one\nlimit = 4\nsize = 9\n"))
                .containsExactly("WARN changed, but not taken up before the next start: limit");
        assertThat(reloaded("greeting = one\nlimit = 4\n"))
                .containsExactly("WARN changed, but not taken up before the next start: limit");
        assertThat(reloaded("greeting = one")).containsExactly("INFO reloaded: nothing has changed");
    }
}
