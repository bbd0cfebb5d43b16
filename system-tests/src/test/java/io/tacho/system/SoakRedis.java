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
import io.tacho.testing.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The Redis of a soak, with the users of core/README.md, and what administrators and accidents do to it. Whatever has to reach the
 * server first ends what keeps it from responding.
 */
final class SoakRedis implements AutoCloseable {

    static final Partitions PARTITIONS = new Partitions(3);

    private static final List<String> USERS = List.of("tacho-agent", "tacho-aggregator");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_SEQ = (1L << 53) - 1;

    private final Random random;
    private final EmbeddedRedis server;
    private final RedisClient client = RedisClient.create();
    private final Path passwordFile;
    private final List<String> documented = AclRules.lines("server");
    private final List<String> granted = new ArrayList<>(documented);
    private String password = AclRules.PASSWORD;
    private boolean killed;
    private boolean suspended;
    private boolean replica;

    SoakRedis(Random random, Path directory) throws IOException {
        this.random = random;
        passwordFile = directory.resolve("password");
        writePassword();
        server = EmbeddedRedis.start(0, AclRules.options("server"));
    }

    int port() {
        return server.port();
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

    private void admin(Consumer<RedisCommands<String, String>> action) throws Exception {
        makeRespond();
        RedisURI uri = RedisURI.create(server.uri());
        uri.setTimeout(TIMEOUT);
        try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
            action.accept(connection.sync());
        }
    }

    /** A master that runs and responds, whatever has been done to it. */
    void makeRespond() throws Exception {
        if (suspended) {
            suspended = false;
            Signals.send("CONT", server.process());
        }
        if (killed) {
            killed = false;
            server.startServer();
            grantUsers();
        }
        if (replica) {
            replica = false;
            admin(RedisCommands::replicaofNoOne);
        }
    }

    void kill() throws Exception {
        makeRespond();
        server.stopServer();
        killed = true;
    }

    void suspend() throws Exception {
        makeRespond();
        Signals.send("STOP", server.process());
        suspended = true;
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
        admin(redis -> redis.persist(registry));
    }

    void deleteRegistry() throws Exception {
        String registry = registry();
        admin(redis -> redis.del(registry));
    }

    private String registry() {
        return "{tacho:" + random.nextInt(PARTITIONS.count()) + "}:nodes";
    }

    /** The entry of a node gets a seq that its own beats do not reach. */
    void putSeqAhead(String uid) throws Exception {
        long hour = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        String seq = Long.toString(random.nextBoolean() ? LARGEST_SEQ : hour);
        admin(redis -> redis.eval(
                "return redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HSET', KEYS[1], 'seq', ARGV[1])",
                ScriptOutputType.INTEGER,
                new String[] {"{tacho:" + PARTITIONS.of(uid) + "}:node:" + uid},
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
        String others = "{tacho:[^" + random.nextInt(PARTITIONS.count()) + "]}:";
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
        server.close();
    }
}
