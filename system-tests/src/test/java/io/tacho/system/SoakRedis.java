// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.store.Partitions;
import io.tacho.testing.AclRules;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The Redis of a soak, one server or a cluster of three masters, with the users of core/README.md, and what administrators and
 * accidents do to it. Each operation first ends faults that keep the server from responding.
 */
final class SoakRedis implements AutoCloseable {

    static final Partitions PARTITIONS = new Partitions(3);
    /** The numbers of their tags. */
    private static final int[] TAGS = {0, 10598, 2077};

    private static final List<String> USERS = List.of("tacho-agent", "tacho-aggregator");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_SEQ = (1L << 53) - 1;

    private final Random random;
    /** Null for a single server. */
    private final RedisClusterSet cluster;

    private final List<EmbeddedRedis> servers;
    private final RedisClient client = RedisClient.create();
    private final Path passwordFile;
    private final List<String> documented;
    private final List<String> granted;
    private String password = AclRules.PASSWORD;
    private final Set<EmbeddedRedis> killed = new HashSet<>();
    private final Set<EmbeddedRedis> suspended = new HashSet<>();
    private boolean replica;

    /** Starts one server, or a cluster without replicas. */
    SoakRedis(Random random, Path directory, boolean isCluster) throws IOException {
        this.random = random;
        passwordFile = directory.resolve("password");
        writePassword();
        String rules = isCluster ? "cluster" : "server";
        documented = AclRules.lines(rules);
        granted = new ArrayList<>(documented);
        cluster = isCluster ? RedisClusterSet.startWithoutReplicas(AclRules.options(rules)) : null;
        servers = cluster == null
                ? List.of(EmbeddedRedis.start(0, AclRules.options(rules)))
                : IntStream.range(0, cluster.size()).mapToObj(cluster::node).toList();
    }

    boolean isCluster() {
        return cluster != null;
    }

    /** {@return the timeout of commands: a cluster has three times as many connections, on the same machine} */
    Duration timeout() {
        return Duration.ofSeconds(cluster == null ? 2 : 6);
    }

    String uri() {
        return cluster == null ? servers.get(0).uri() : cluster.uri();
    }

    /** {@return the port of the single server} */
    int port() {
        return servers.get(0).port();
    }

    Path passwordFile() {
        return passwordFile;
    }

    /** {@return the credentials of a user, as they are in the file} */
    RedisCredentials credentials(String user) {
        try {
            return new RedisCredentials(user, Files.readString(passwordFile), null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs an action at every server. */
    private void admin(Consumer<RedisCommands<String, String>> action) throws Exception {
        makeRespond();
        for (EmbeddedRedis server : servers) {
            admin(server, action);
        }
    }

    /** Runs an action at the server of a key. */
    private void adminOf(String key, Consumer<RedisCommands<String, String>> action) throws Exception {
        makeRespond();
        admin(cluster == null ? servers.get(0) : cluster.node(cluster.masterOf(key)), action);
    }

    private void admin(EmbeddedRedis server, Consumer<RedisCommands<String, String>> action) {
        RedisURI uri = RedisURI.create(server.uri());
        uri.setTimeout(TIMEOUT);
        try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
            action.accept(connection.sync());
        }
    }

    private EmbeddedRedis some() {
        return servers.get(random.nextInt(servers.size()));
    }

    /** Returns a master that runs and responds, after ending its faults. */
    void makeRespond() throws Exception {
        for (EmbeddedRedis server : suspended) {
            Signals.send("CONT", server.process());
        }
        for (EmbeddedRedis server : killed) {
            server.startServer();
        }
        boolean wasAway = !suspended.isEmpty() || !killed.isEmpty();
        boolean hasLostUsers = !killed.isEmpty();
        suspended.clear();
        killed.clear();
        if (cluster != null && wasAway) {
            cluster.awaitHealthy();
        }
        if (hasLostUsers) {
            grantUsers();
        }
        if (replica) {
            replica = false;
            admin(RedisCommands::replicaofNoOne);
        }
    }

    void kill() throws Exception {
        makeRespond();
        EmbeddedRedis server = some();
        server.stopServer();
        killed.add(server);
    }

    void suspend() throws Exception {
        makeRespond();
        EmbeddedRedis server = some();
        Signals.send("STOP", server.process());
        suspended.add(server);
    }

    /** A partition's slot moves to another master while it is in use. */
    void moveSlot() throws Exception {
        makeRespond();
        String registry = registry();
        cluster.moveSlot(registry, (cluster.masterOf(registry) + 1) % cluster.size());
    }

    void becomeReplica() throws Exception {
        int unused = FreePorts.any();
        admin(redis -> redis.replicaof("127.0.0.1", unused));
        replica = true;
    }

    void flushAll() throws Exception {
        admin(RedisCommands::flushall);
    }

    void killClients() throws Exception {
        KillArgs clients = random.nextBoolean() ? KillArgs.Builder.typePubsub() : KillArgs.Builder.typeNormal();
        admin(redis -> redis.clientKill(clients.skipme()));
    }

    void persistRegistry() throws Exception {
        String registry = registry();
        adminOf(registry, redis -> redis.persist(registry));
    }

    void deleteRegistry() throws Exception {
        String registry = registry();
        adminOf(registry, redis -> redis.del(registry));
    }

    private String registry() {
        return "{tacho:" + TAGS[random.nextInt(TAGS.length)] + "}:nodes";
    }

    /** The entry of a node gets a seq that its own beats do not reach. */
    void putSeqAhead(String uid) throws Exception {
        long hour = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        String seq = Long.toString(random.nextBoolean() ? LARGEST_SEQ : hour);
        String node = "{tacho:" + TAGS[PARTITIONS.of(uid)] + "}:node:" + uid;
        adminOf(
                node,
                redis -> redis.eval(
                        "return redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HSET', KEYS[1], 'seq', ARGV[1])",
                        ScriptOutputType.INTEGER,
                        new String[] {node},
                        seq));
    }

    /** Revokes one of all documented permissions, of keys, channels and commands. */
    void revokePermission() throws Exception {
        int user = random.nextInt(USERS.size());
        List<String[]> permissions = AclRules.permissions(documented.get(user));
        granted.set(user, permissions.get(random.nextInt(permissions.size()))[1]);
        grantUsers();
    }

    /** The users have no access to a partition. */
    void revokePartition() throws Exception {
        // the first digits of the tags differ
        String others = "{tacho:[^"
                + Integer.toString(TAGS[random.nextInt(TAGS.length)]).charAt(0) + "]*}:";
        granted.replaceAll(rule -> rule.replace("{tacho:*}:", others));
        grantUsers();
    }

    /** The server has another password, and the file has it later. */
    void changePassword() throws Exception {
        password = "changed-" + random.nextInt(Integer.MAX_VALUE);
        grantUsers();
        admin(redis -> {
            redis.clientKill(KillArgs.Builder.typeNormal().skipme());
            redis.clientKill(KillArgs.Builder.typePubsub().skipme());
        });
    }

    void writePassword() throws IOException {
        Path written = passwordFile.resolveSibling("password.new");
        Files.writeString(written, password);
        Files.move(written, passwordFile, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    void grantAll() throws Exception {
        for (int user = 0; user < USERS.size(); user++) {
            granted.set(user, documented.get(user));
        }
        grantUsers();
    }

    private void grantUsers() throws Exception {
        admin(redis -> granted.forEach(
                rule -> AclRules.setUser(rule.replace(">" + AclRules.PASSWORD, ">" + password), redis)));
    }

    @Override
    public void close() {
        client.shutdown();
        if (cluster == null) {
            servers.forEach(EmbeddedRedis::close);
        } else {
            cluster.close();
        }
    }
}
