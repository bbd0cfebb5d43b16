// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisKeyspaceTest {

    @Test
    void onePartition() {
        RedisKeyspace keyspace = new RedisKeyspace("tacho", 1);

        assertThat(keyspace.node("u1")).isEqualTo("{tacho:0}:node:u1");
        assertThat(keyspace.registry(0)).isEqualTo("{tacho:0}:nodes");
        assertThat(keyspace.channel(0)).isEqualTo("{tacho:0}:snapshots");
    }

    /** The check value of CRC-32: any language computes the same partition. */
    @Test
    void partitionOf_isCrc32() {
        assertThat(new RedisKeyspace("tacho", 1024).partitionOf("123456789")).isEqualTo((int) (0xCBF43926L % 1024));
    }
}
