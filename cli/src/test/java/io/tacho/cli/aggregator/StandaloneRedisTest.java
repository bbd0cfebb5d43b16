// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneRedisTest {

    private final InetSocketAddress loopback = new InetSocketAddress("127.0.0.1", 6379);

    @Test
    void configuration_withoutDataDirectory_disablesPersistence() {
        assertThat(StandaloneRedis.configuration(loopback, null, null).lines())
                .containsExactly(
                        "bind 127.0.0.1", "port 6379", "maxmemory-policy noeviction", "appendonly no", "save \"\"");
    }

    @Test
    void configuration_quotesPasswordAndDirectory() {
        assertThat(StandaloneRedis.configuration(loopback, "a\"b\\ c", Path.of("/var/lib/tacho data"))
                        .lines())
                .contains("save 60 1", "dir \"/var/lib/tacho data\"", "requirepass \"a\\\"b\\\\ c\"");
    }

    @Test
    void clientAddress_ofAnyAddress_isLoopback() {
        assertThat(StandaloneRedis.reachable(loopback)).isEqualTo("127.0.0.1");
        assertThat(StandaloneRedis.reachable(new InetSocketAddress("0.0.0.0", 6379)))
                .isEqualTo("127.0.0.1");
        assertThat(StandaloneRedis.reachable(new InetSocketAddress("::1", 6379)))
                .isEqualTo("[0:0:0:0:0:0:0:1]");
    }

    @Test
    void dataInUseByAnotherStandalone_isRejected(@TempDir Path data) throws IOException {
        try (FileLock held = StandaloneRedis.lock(data)) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> StandaloneRedis.lock(data))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "data: " + data + " is in use by another standalone (expected: a directory of its own)");
        }
    }

    @Test
    void dataNotADirectory_isRejected(@TempDir Path directory) {
        assertThatThrownBy(() -> StandaloneRedis.lock(directory.resolve("absent")))
                .hasMessage("data: " + directory.resolve("absent") + " (expected: a directory)");
    }
}
