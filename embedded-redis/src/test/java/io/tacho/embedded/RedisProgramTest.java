// SPDX-License-Identifier: Apache-2.0
package io.tacho.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisProgramTest {

    @TempDir
    private Path directory;

    private Path server(String path, String script) throws IOException {
        Path executable = directory.resolve(path);
        Files.createDirectories(executable.getParent());
        Files.writeString(executable, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
    }

    private Path server(String path, String name, String version) throws IOException {
        return server(path, "echo '" + name + " server v=" + version + " sha=00000000:0 malloc=libc bits=64'");
    }

    private String installed() {
        return RedisProgram.installed(":" + directory.resolve("a") + ":" + directory.resolve("b"))
                .map(RedisProgram::description)
                .orElse("none");
    }

    @Test
    void installed_isNewestOnPath() throws IOException {
        server("a/redis-server", "Redis", "7.2.12");
        Path newest = server("b/valkey-server", "Valkey", "8.1.4");
        server("b/redis-server", "Redis", "8.0.9");

        assertThat(installed()).isEqualTo("valkey-server 8.1.4, " + newest);
    }

    @Test
    void installed_bundledVersion_isFirstOnPath() throws IOException {
        Path first = server("a/redis-server", "Redis", "7.0.15");
        server("b/redis-server", "Redis", "7.0.15");

        assertThat(installed()).isEqualTo("redis-server 7.0.15, " + first);
        assertThat(first).isEqualTo(directory.resolve("a/redis-server"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 'Redis server v=7.0.14 sha=0'", "echo none", "exit 1", "echo v=99999.0.0"})
    void installed_olderOrUnknownVersion_isNotUsed(String script) throws IOException {
        server("a/redis-server", script);
        Files.createDirectories(directory.resolve("b/valkey-server"));

        assertThat(installed()).isEqualTo("none");
    }

    @Test
    void missingResource_namesExpectedResource() {
        RedisProgram missing = RedisProgram.resource("/redis-server-9-none", "none");

        assertThatThrownBy(() -> missing.source().executable(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no redis-server: redis-server-9-none is not on the class path")
                .hasMessageContaining("redis-server or valkey-server 7.0.15 or newer on the PATH");
    }
}
