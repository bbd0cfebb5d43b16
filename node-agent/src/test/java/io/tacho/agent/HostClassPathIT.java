// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.process.ChildProcess;
import io.tacho.testing.RedisExtension;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host whose class path lacks libraries: without a required one the host runs without an agent. */
class HostClassPathIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path directory;

    private String log;

    /** {@return the class path without the libraries of this name} */
    private static List<String> without(String library) {
        Pattern jar = Pattern.compile("(" + library + ")-[\\d.]+.*\\.jar");
        List<String> all = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> present = all.stream()
                .filter(entry ->
                        !jar.matcher(Path.of(entry).getFileName().toString()).matches())
                .toList();
        assertThat(present).as("class path without " + library).hasSizeLessThan(all.size());
        return present;
    }

    /** {@return the class path with a copy of a library from which one class was removed, like an older version} */
    private List<String> withoutClass(String library, String name) throws IOException {
        List<String> classPath = new ArrayList<>(without(library));
        Path copy = directory.resolve(library + ".jar");
        String original = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches(library + "-[\\d.]+.*\\.jar"))
                .findFirst()
                .orElseThrow();
        try (ZipFile from = new ZipFile(original);
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                if (!entry.getName().startsWith(name)) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(to);
                }
            }
        }
        classPath.add(copy.toString());
        return classPath;
    }

    private String run(List<String> classPath, boolean published) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, classPath),
                HostProgram.class.getName(),
                REDIS.uri(),
                Boolean.toString(published));
        try (ChildProcess host = ChildProcess.start("host", command, directory)) {
            int status = host.awaitExit();
            log = host.out() + host.log();
            assertThat(status).as(log).isZero();
        }
        assertThat(log).contains("the host ends in order");
        return log;
    }

    private static long count(String text, String part) {
        return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
    }

    @Test
    void missingNativeTransport_agentWorks() throws Exception {
        assertThat(run(without("netty-transport-(?:classes|native)-epoll"), true))
                .contains("published true, recorded 1")
                .doesNotContain(" WARN ", " ERROR ", "NoClassDefFoundError");
    }

    /** An embedded agent only writes JSON, so it does not need jackson-databind. */
    @Test
    void missingJacksonDatabind_agentWorks() throws Exception {
        assertThat(run(without("jackson-databind"), true))
                .contains("published true, recorded 1")
                .doesNotContain(" WARN ", " ERROR ", "NoClassDefFoundError");
    }

    /** Only Lettuce 7 requires the DNS resolver; the tests of the starter run without it. */
    @ParameterizedTest
    @ValueSource(strings = {"lettuce-core", "jackson-core", "netty-transport", "netty-resolver-dns", "reactor-core"})
    void missingRequiredLibrary_isLogged_hostContinues(String library) throws Exception {
        run(without(library), false);

        assertNoAgent();
    }

    /** Example: Lettuce 7 with Netty 4.1. */
    @Test
    void incompatibleLibrary_isLogged_hostContinues() throws Exception {
        run(withoutClass("netty-transport", "io/netty/channel/MultiThreadIoEventLoopGroup"), false);

        assertNoAgent();
    }

    private void assertNoAgent() {
        assertThat(log).contains("published false, recorded 1").doesNotContain(" ERROR ");
        assertThat(count(log, " WARN ")).as(log).isEqualTo(1);
        assertThat(log).contains("no agent: a library is missing or incompatible; the node is not visible");
    }
}
