// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.AclRules;
import io.tacho.testing.RedisClusterSet;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ACL rules of a cluster, changed on every node. */
class RedisClusterPermissionsIT extends RedisPermissionsContract {

    private static final int PARTITIONS = 3;
    private static final RedisKeyspace KEYSPACE = new RedisKeyspace("tacho", PARTITIONS);

    private static RedisClusterSet redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = RedisClusterSet.startWithoutReplicas(AclRules.options("cluster"));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    static Stream<String[]> permissions() throws IOException {
        return permissions("cluster");
    }

    @Override
    String deployment() {
        return "cluster";
    }

    @Override
    List<RedisCommands<String, String>> admins() {
        return IntStream.range(0, redis.size()).mapToObj(redis::commands).toList();
    }

    @Override
    RedisSettings settings() {
        return RedisSettings.of(redis.uri()).withPartitions(PARTITIONS);
    }

    /** Commands that are used only to read the slot map and to keep idle connections alive. */
    @Override
    Set<String> unused() {
        return Set.of("+ping", "+cluster|nodes", "+cluster|myid", "+info", "+client|setname");
    }

    @Test
    void channelRevokedAndGranted_isReported_withCommandAndChannel() throws IOException {
        String rule = rules().get(1);
        setUser(rule.replace(" &{tacho:*}:snapshots", ""));

        for (int partition = 0; partition < PARTITIONS; partition++) {
            String operation = "SSUBSCRIBE " + KEYSPACE.channel(partition);
            await().atMost(RECOVERY)
                    .untilAsserted(() -> assertThat(log.warnings())
                            .anySatisfy(line -> assertThat(line)
                                    .startsWith("permission denied by Redis at "
                                            + settings().address() + ", user tacho-aggregator, for " + operation
                                            + "; trying again: NOPERM")));
        }
        assertThat(isSubscribed()).isFalse();
        setUser(rule);

        await().atMost(RECOVERY).until(this::isSubscribed);
        // logged once, when the last channel works again
        await().untilAsserted(() ->
                assertThat(log.lines()).anySatisfy(line -> assertThat(line).endsWith("}:snapshots works again")));
    }

    @Test
    void channelRevokedOnOneNode_otherPartitionsStaySubscribed() throws IOException {
        String rule = rules().get(1);
        int node = redis.masterOf("{tacho:0}:snapshots");
        Set<Integer> otherPartitions = IntStream.range(0, PARTITIONS)
                .filter(partition -> redis.masterOf(KEYSPACE.channel(partition)) != node)
                .boxed()
                .collect(Collectors.toSet());
        setUser(rule.replace(" &{tacho:*}:snapshots", ""), List.of(redis.commands(node)));

        await().atMost(RECOVERY).until(() -> listener().partitions.equals(otherPartitions));
        setUser(rule);

        await().atMost(RECOVERY).until(this::isSubscribed);
    }
}
