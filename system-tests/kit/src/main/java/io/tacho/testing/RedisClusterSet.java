// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.resource.ClientResources;
import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * A Redis Cluster of three masters, with or without a replica each, as separate processes. Nodes 0 to 2 are the initial masters.
 */
public final class RedisClusterSet implements AutoCloseable {

    private static final int MASTERS = 3;

    private final ClientResources resources = ClientResources.create();
    private final RedisClient client = RedisClient.create(resources);
    private final List<EmbeddedRedis> nodes = new ArrayList<>();
    /** The ports that the nodes announce: the TLS ports if TLS is enabled, else the plain ones. */
    private final List<Integer> clusterPorts = new ArrayList<>();

    private final Map<Integer, RedisCommands<String, String>> connections = new HashMap<>();

    private final int size;
    private String scheme = "redis-cluster";

    /**
     * Starts three masters and waits until they form a cluster.
     *
     * @param options further options of every node's redis-server
     */
    public static RedisClusterSet start(String... options) throws IOException {
        return start((TlsMaterial) null, options);
    }

    /** Starts a cluster without replicas: while a master is down, only its slots are unavailable. */
    public static RedisClusterSet startWithoutReplicas(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--cluster-require-full-coverage", "no"));
        all.addAll(List.of(options));
        return start(new RedisClusterSet(MASTERS), null, all.toArray(new String[0]));
    }

    /** Starts a cluster with mutual TLS between all nodes and clients. */
    public static RedisClusterSet start(TlsMaterial tls, String... options) throws IOException {
        return start(new RedisClusterSet(2 * MASTERS), tls, options);
    }

    private static RedisClusterSet start(RedisClusterSet cluster, TlsMaterial tls, String... options)
            throws IOException {
        try {
            cluster.startNodes(tls, options);
            cluster.form();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private RedisClusterSet(int size) {
        this.size = size;
    }

    private void startNodes(TlsMaterial tls, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        for (int i = 0; i < size; i++) {
            int clusterPort = FreePorts.forClusterNode();
            List<String> own = new ArrayList<>(all);
            if (tls != null) {
                own.addAll(List.of(tls.serverOptions(clusterPort)));
                own.addAll(List.of("--tls-cluster", "yes"));
            }
            nodes.add(EmbeddedRedis.start(tls == null ? clusterPort : 0, own.toArray(new String[0])));
            clusterPorts.add(clusterPort);
        }
        scheme = tls == null ? "redis-cluster" : "rediss-cluster";
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            int from = SlotHash.SLOT_COUNT * i / MASTERS;
            int to = SlotHash.SLOT_COUNT * (i + 1) / MASTERS;
            RedisCommands<String, String> node = commands(i);
            node.clusterSetConfigEpoch(i + 1L);
            node.clusterAddSlots(IntStream.range(from, to).toArray());
        }
        for (int i = 1; i < size; i++) {
            commands(0).clusterMeet("127.0.0.1", clusterPorts.get(i));
        }
        for (int i = MASTERS; i < size; i++) {
            RedisCommands<String, String> replica = commands(i);
            String master = commands(i - MASTERS).clusterMyId();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> replica.clusterNodes().contains(master));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> replica.clusterReplicate(master).equals("OK"));
        }
        awaitHealthy();
    }

    /** Waits until every node reports the cluster as ok, and every master has its replica. */
    public void awaitHealthy() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> {
                    for (int i = 0; i < size; i++) {
                        RedisCommands<String, String> node = commands(i);
                        List<Object> role = node.role();
                        boolean linked = role.get(0).equals("master")
                                ? size == MASTERS || !((List<?>) role.get(2)).isEmpty()
                                : role.get(3).equals("connected");
                        if (!linked
                                || !node.clusterInfo().contains("cluster_state:ok")
                                || !node.clusterInfo().contains("cluster_known_nodes:" + size)
                                || node.clusterNodes().contains("fail")) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    /** Returns a {@code redis-cluster://} or {@code rediss-cluster://} URI of three nodes, without credentials. */
    public String uri() {
        return scheme + "://"
                + clusterPorts.stream()
                        .limit(MASTERS)
                        .map(port -> "127.0.0.1:" + port)
                        .collect(Collectors.joining(","));
    }

    public EmbeddedRedis node(int index) {
        return nodes.get(index);
    }

    public int size() {
        return size;
    }

    public void flushAll() {
        for (int i = 0; i < size; i++) {
            if (commands(i).role().get(0).equals("master")) {
                commands(i).flushall();
            }
        }
    }

    /** Returns commands of one node, on the port without TLS. */
    public RedisCommands<String, String> commands(int index) {
        return connections.computeIfAbsent(index, i -> {
            RedisURI uri = RedisURI.create(nodes.get(i).uri());
            uri.setTimeout(Duration.ofSeconds(2));
            return client.connect(uri).sync();
        });
    }

    /** Returns the node that reports itself as master of the slot of the key. */
    public int masterOf(String key) {
        int slot = SlotHash.getSlot(key);
        for (int i = 0; i < size; i++) {
            if (nodes.get(i).process().isAlive() && serves(i, slot)) {
                return i;
            }
        }
        throw new IllegalStateException("no master of slot " + slot);
    }

    private boolean serves(int index, int slot) {
        RedisCommands<String, String> node = commands(index);
        return ClusterPartitionParser.parse(node.clusterNodes()).stream()
                .anyMatch(known -> known.is(NodeFlag.MYSELF) && known.is(NodeFlag.UPSTREAM) && known.hasSlot(slot));
    }

    /** Waits until another node serves the slot of the key. */
    public int awaitMasterOtherThan(int former, String key) {
        int slot = SlotHash.getSlot(key);
        int[] found = new int[1];
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> {
                    for (int i = 0; i < size; i++) {
                        if (i != former && serves(i, slot)) {
                            found[0] = i;
                            return commands(i).clusterInfo().contains("cluster_state:ok");
                        }
                    }
                    return false;
                });
        return found[0];
    }

    /** Moves the slot of the key, with all its keys, to another master. */
    public void moveSlot(String key, int to) {
        int slot = SlotHash.getSlot(key);
        int from = masterOf(key);
        RedisCommands<String, String> source = commands(from);
        RedisCommands<String, String> target = commands(to);
        target.clusterSetSlotImporting(slot, source.clusterMyId());
        source.clusterSetSlotMigrating(slot, target.clusterMyId());
        List<String> keys = source.clusterGetKeysInSlot(slot, 1_000);
        while (!keys.isEmpty()) {
            source.migrate(
                    "127.0.0.1",
                    clusterPorts.get(to),
                    0,
                    2_000,
                    MigrateArgs.Builder.keys(keys).replace());
            keys = source.clusterGetKeysInSlot(slot, 1_000);
        }
        target.clusterSetSlotNode(slot, target.clusterMyId());
        source.clusterSetSlotNode(slot, target.clusterMyId());
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, TimeUnit.SECONDS);
        nodes.forEach(EmbeddedRedis::close);
    }
}
