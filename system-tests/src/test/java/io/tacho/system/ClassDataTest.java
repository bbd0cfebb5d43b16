// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests when {@code ./tacho} creates class-data archives, with a Java that only prints and a training run that writes empty archives. */
class ClassDataTest {

    private static final String TRAINING = "Training run";

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void checkOut() throws IOException {
        for (String file : List.of("tacho", "pom.xml")) {
            Files.copy(Path.of("..", file), directory.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        jar = Files.createFile(
                Files.createDirectories(directory.resolve("cli/target")).resolve("tacho.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(10)));
        install("first", "17.0.1", 0);
        install("second", "17.0.1", 0);
    }

    /** Installs a Java in this directory; its training run ends with the status. */
    private void install(String name, String version, int status) throws IOException {
        Path home = directory.resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                case "$*" in
                  -XshowSettings*)
                    echo '    java.home = %s'
                    echo '    java.specification.version = 17'
                    echo '    java.vm.version = %s' ;;
                  *train)
                    [ %d -eq 0 ] || exit %3$d
                    touch %s.agent.jsa %4$s.aggregator.jsa ;;
                  *) echo "ran $*" ;;
                esac
                """.formatted(home, version, status, jar));
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    /** {@return what the launcher prints when it runs an agent with this Java} */
    private String run(String home) throws IOException, InterruptedException {
        return run(home, "agent");
    }

    private String run(String home, String subcommand) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(directory.resolve("tacho").toString(), subcommand);
        builder.environment().put("JAVA_HOME", directory.resolve(home).toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void sameJava_trainsOnce() throws Exception {
        assertThat(run("first")).contains(TRAINING, "ran -XX:SharedArchiveFile=" + jar + ".agent.jsa ");
        assertThat(run("first")).startsWith("ran -XX:SharedArchiveFile=" + jar + ".agent.jsa ");
    }

    @Test
    void anotherJava_trainsAgain() throws Exception {
        run("first");

        assertThat(run("second")).contains(TRAINING);
        assertThat(run("second")).doesNotContain(TRAINING);
    }

    @Test
    void updatedJavaAtTheSamePath_trainsAgain() throws Exception {
        run("first");
        install("first", "17.0.2", 0);

        assertThat(run("first")).contains(TRAINING);
        assertThat(run("first")).doesNotContain(TRAINING);
    }

    @Test
    void updatedProgram_trainsAgain() throws Exception {
        run("first");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run("first")).contains(TRAINING);
    }

    /** The program still starts, and a failed training run is not repeated for the same Java. */
    @Test
    void trainingFails_startsWithoutArchive() throws Exception {
        install("first", "17.0.1", 1);

        String expected = "ran -jar " + jar + " agent\n";
        assertThat(run("first"))
                .contains(TRAINING)
                .endsWith("tacho: no class-data archives; './tacho train' makes them\n" + expected);
        assertThat(run("first")).isEqualTo(expected);
    }

    @Test
    void trainedByCommandForAnotherJava_trainedAgainForTheFirst() throws Exception {
        run("first");
        run("second", "train");

        assertThat(run("second")).doesNotContain(TRAINING);
        assertThat(run("first")).contains(TRAINING);
    }

    /** As on a full disk. */
    @Test
    void nameOfTheJvmCannotBeWritten_startsWithWhatIsThere() throws Exception {
        Files.createDirectories(directory.resolve("cli/target/tacho.jar.jvm/occupied"));

        assertThat(run("first")).contains(TRAINING).contains("ran -XX:SharedArchiveFile=" + jar + ".agent.jsa ");
    }

    @Test
    void javaThatDoesNotStart_isReportedWithItsOutput() throws Exception {
        Path java = directory.resolve("first/bin/java");
        Files.writeString(java, """
                #!/bin/sh
                echo "Unrecognized VM option 'Bogus'" >&2
                exit 1
                """);
        ProcessBuilder builder = new ProcessBuilder(directory.resolve("tacho").toString(), "agent");
        builder.environment().put("JAVA_HOME", directory.resolve("first").toString());
        Process process = builder.redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo(
                        "tacho: " + java + " does not start (expected: a JDK 17 or newer on the PATH or in JAVA_HOME):"
                                + " Unrecognized VM option 'Bogus'\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }
}
