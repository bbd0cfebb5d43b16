// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.store.Partitions;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisKeyspaceTest {

    @Test
    void keysOfOnePartition_haveTagZero() {
        RedisKeyspace keyspace = new RedisKeyspace("tacho", 1);

        assertThat(keyspace.node("u1")).isEqualTo("{tacho:0}:node:u1");
        assertThat(keyspace.registry(0)).isEqualTo("{tacho:0}:nodes");
        assertThat(keyspace.channel(0)).isEqualTo("{tacho:0}:snapshots");
    }

    @Test
    void keysOfSeveralPartitions_haveReadmeHashTags() {
        RedisKeyspace keyspace = new RedisKeyspace("tacho", 4);

        assertThat(keyspace.registry(3)).isEqualTo("{tacho:268}:nodes");
        assertThat(keyspace.node(1, "u1")).isEqualTo("{tacho:2771}:node:u1");
        assertThat(keyspace.alerts()).as("alerts of all partitions").isEqualTo("{tacho:0}:alerts");
    }

    @Test
    void previousPartitions_withSameTagAreCurrent_othersFollow() {
        assertThat(new RedisKeyspace("tacho", 8, 1).partitions()).isEqualTo(new Partitions(8, List.of(0)));
        assertThat(new RedisKeyspace("tacho", 1, 4).partitions()).isEqualTo(new Partitions(1, List.of(0, 1, 2, 3)));
        assertThat(new RedisKeyspace("tacho", 4, 2).partitions()).isEqualTo(new Partitions(4, List.of(0, 2)));
        assertThat(new RedisKeyspace("tacho", 8, 8).partitions()).isEqualTo(new Partitions(8));
        RedisKeyspace third = new RedisKeyspace("tacho", 2, 3);
        assertThat(third.partitions()).isEqualTo(new Partitions(2, List.of(0, 2, 3)));
        assertThat(third.registry(3)).isEqualTo("{tacho:2077}:nodes");
    }

    /** Compares with the check value of CRC-32, so that other languages compute the same partition. */
    @Test
    void partitionOf_usesCrc32() {
        assertThat(new RedisKeyspace("tacho", 1024).partitionOf("123456789")).isEqualTo((int) (0xCBF43926L % 1024));
    }
}
