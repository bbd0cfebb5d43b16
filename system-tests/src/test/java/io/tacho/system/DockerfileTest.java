// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of the Dockerfile that need no Docker: what the entry point runs, and the architectures. */
class DockerfileTest {

    @TempDir
    private Path directory;

    private String dockerfile;
    private Path script;

    @BeforeEach
    void extract() throws IOException {
        dockerfile = Files.readString(Path.of("../Dockerfile"));
        Matcher matcher = Pattern.compile("<<'SCRIPT' run\n(.*?)\nSCRIPT\n", Pattern.DOTALL)
                .matcher(dockerfile);
        assertThat(matcher.find()).isTrue();
        script = directory.resolve("run");
        Files.writeString(
                script,
                matcher.group(1)
                        .replace("/opt/tacho/tacho", directory.resolve("tacho").toString()));
        Path tacho = directory.resolve("tacho");
        Files.writeString(tacho, "#!/bin/sh\necho \"$@\"; env | grep ^TACHO_ | sort\n");
        assertThat(tacho.toFile().setExecutable(true)).isTrue();
    }

    private List<String> run(List<String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
        command.addAll(environment);
        command.addAll(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    @Test
    void entryPoint_standalone_listensOnAllInterfaces() throws Exception {
        assertThat(run(List.of(), "standalone", "--max-nodes", "9"))
                .containsExactly(
                        "standalone --max-nodes 9",
                        "TACHO_DATA=/data",
                        "TACHO_LISTEN=0.0.0.0:7022",
                        "TACHO_REDIS_LISTEN=0.0.0.0:6379");
        assertThat(run(List.of("TACHO_LISTEN=0.0.0.0:8080", "TACHO_DATA=/tmp"), "standalone"))
                .contains("TACHO_DATA=/tmp", "TACHO_LISTEN=0.0.0.0:8080");
    }

    @Test
    void entryPoint_otherPrograms_areUnchanged() throws Exception {
        assertThat(run(List.of(), "agent", "--name", "a")).containsExactly("agent --name a");
        assertThat(run(List.of(), "aggregator")).containsExactly("aggregator");
    }

    /** Process 1 of this machine is not an aggregator. */
    @Test
    void entryPoint_health_requiresAnAggregator() throws Exception {
        assertThat(run(List.of(), "health")).isEmpty();
    }

    /** The jar has a native part for each architecture of the image, at the place from which the Dockerfile takes it. */
    @ParameterizedTest
    @CsvSource({"amd64, x86_64, x86-64, 62", "arm64, aarch_64, aarch64, 183"})
    void nativeLibraries_matchTheArchitecture(String architecture, String netty, String jna, int machine)
            throws IOException {
        assertThat(dockerfile)
                .contains("META-INF/native/*_" + netty + ".so com/sun/jna/linux-" + jna + "/*.so " + architecture)
                .contains("COPY --from=build /src/native/${TARGETARCH} lib");
        for (String library : List.of(
                "/META-INF/native/libnetty_transport_native_epoll_" + netty + ".so",
                "/com/sun/jna/linux-" + jna + "/libjnidispatch.so")) {
            try (InputStream file = getClass().getResourceAsStream(library)) {
                assertThat(file).as(library).isNotNull();
                ByteBuffer header = ByteBuffer.wrap(file.readNBytes(20)).order(ByteOrder.LITTLE_ENDIAN);
                assertThat(header.getInt(0)).as("ELF").isEqualTo(0x464c457f);
                // e_machine
                assertThat(header.getShort(18)).as(library).isEqualTo((short) machine);
            }
        }
    }

    /** Only the build stage, whose result is the same for all architectures, runs on the machine that builds. */
    @Test
    void otherLines_haveNoArchitecture() {
        assertThat(dockerfile.lines().filter(line -> line.matches(".*(amd64|x86|aarch|arm64).*")))
                .allMatch(line ->
                        line.matches("RUN jar xf .* mkdir amd64 arm64 && .*|    mv .*\\.so (amd64 && .*|arm64)"));
        assertThat(dockerfile.lines().filter(line -> line.contains("--platform")))
                .containsExactly("FROM --platform=$BUILDPLATFORM maven:3-eclipse-temurin-17 AS build");
    }

    @Test
    void label_hasThePomVersion() throws IOException {
        Matcher version = Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("../pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(dockerfile).contains("ARG VERSION=" + version.group(1) + " ");
    }

    @Test
    void user_isNumericAndNotRoot() {
        assertThat(dockerfile).containsPattern("\nUSER [1-9]\\d*:[1-9]\\d*\n").contains("HEALTHCHECK ");
    }
}
