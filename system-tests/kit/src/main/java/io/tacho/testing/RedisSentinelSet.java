// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A master, a replica and three sentinels with quorum 2, as separate processes, with the users of core/README.md. */
public final class RedisSentinelSet implements AutoCloseable {

    public static final String MASTER_ID = "tacho-master";
    public static final String SENTINEL_PASSWORD = "sentinel-secret";
    public static final String PASSWORD = "data-secret";

    private static final int SENTINELS = 3;
    private static final ClientResources RESOURCES = ClientResources.create();

    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private final List<EmbeddedRedis> sentinels = new ArrayList<>();
    private final List<Integer> sentinelTlsPorts = new ArrayList<>();

    /** Starts servers and sentinels with separate passwords, without TLS. */
    public static RedisSentinelSet start() throws IOException {
        return new RedisSentinelSet(null);
    }

    /** Starts servers and sentinels with separate passwords and mutual TLS. */
    public static RedisSentinelSet start(TlsMaterial tls) throws IOException {
        return new RedisSentinelSet(tls);
    }

    private RedisSentinelSet(TlsMaterial tls) throws IOException {
        try {
            int masterTlsPort = tls == null ? 0 : FreePorts.any();
            String[] passwords = {"--requirepass", PASSWORD, "--masterauth", PASSWORD};
            String[] users = AclRules.options("server");
            servers.add(EmbeddedRedis.start(0, join(passwords, users, tlsOptions(tls, masterTlsPort))));
            int masterPort = tls == null ? servers.get(0).port() : masterTlsPort;
            String[] replica = {
                "--replicaof", "127.0.0.1", Integer.toString(masterPort), "--repl-diskless-sync-delay", "0"
            };
            int replicaTlsPort = tls == null ? 0 : FreePorts.any();
            servers.add(EmbeddedRedis.start(0, join(passwords, users, replica, tlsOptions(tls, replicaTlsPort))));
            for (int i = 0; i < SENTINELS; i++) {
                int tlsPort = tls == null ? 0 : FreePorts.any();
                sentinelTlsPorts.add(tlsPort);
                sentinels.add(
                        EmbeddedRedis.startSentinel(0, configuration(masterPort, tls, tlsPort), tlsOptions(tls, 0)));
            }
            sentinels.forEach(RedisSentinelSet::awaitDiscovery);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String configuration(int masterPort, TlsMaterial tls, int tlsPort) throws IOException {
        return String.join(
                        "\n",
                        String.join("\n", AclRules.lines("sentinel")),
                        "requirepass " + SENTINEL_PASSWORD,
                        "sentinel sentinel-pass " + SENTINEL_PASSWORD,
                        "sentinel monitor " + MASTER_ID + " 127.0.0.1 " + masterPort + " 2",
                        "sentinel auth-pass " + MASTER_ID + " " + PASSWORD,
                        "sentinel down-after-milliseconds " + MASTER_ID + " 1000",
                        "sentinel failover-timeout " + MASTER_ID + " 3000",
                        tls == null ? "" : "tls-port " + tlsPort)
                + "\n";
    }

    /** Waits until the sentinel knows the replica and the other sentinels, which failover requires. */
    private static void awaitDiscovery(EmbeddedRedis sentinel) {
        RedisURI uri = login(sentinel, SENTINEL_PASSWORD);
        with(client -> {
            RedisSentinelCommands<String, String> commands =
                    client.connectSentinel(uri).sync();
            Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                Map<String, String> master = commands.master(MASTER_ID);
                return master.get("num-slaves").equals("1")
                        && master.get("num-other-sentinels").equals("2")
                        && commands.replicas(MASTER_ID)
                                .get(0)
                                .get("master-link-status")
                                .equals("ok");
            });
        });
    }

    /** Returns the port of the server that reports itself as master. */
    public int master() {
        for (int i = 0; i < servers.size(); i++) {
            if (role(i).equals("master")) {
                return i;
            }
        }
        throw new IllegalStateException("no master");
    }

    /** Waits until the other server is the master. */
    public void awaitMasterOtherThan(int former) {
        awaitRole(1 - former, "master");
    }

    /** Waits until the server has become a replica and the sentinels consider it for failover. */
    public void awaitReplica(int former) {
        awaitRole(former, "slave");
        sentinels.forEach(RedisSentinelSet::awaitDiscovery);
    }

    private void awaitRole(int index, String role) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> role(index).equals(role));
    }

    private String role(int index) {
        String[] role = new String[1];
        with(client -> role[0] = (String)
                client.connect(login(server(index), PASSWORD)).sync().role().get(0));
        return role[0];
    }

    public void flushAll() {
        with(client -> client.connect(login(server(master()), PASSWORD)).sync().flushall());
    }

    private static RedisURI login(EmbeddedRedis server, String password) {
        RedisURI uri = RedisURI.create(server.uri());
        uri.setTimeout(Duration.ofSeconds(1));
        uri.setCredentialsProvider(new StaticCredentialsProvider(null, password.toCharArray()));
        return uri;
    }

    private static void with(Consumer<RedisClient> use) {
        RedisClient client = RedisClient.create(RESOURCES);
        try {
            use.accept(client);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    /** Stops the server process by SIGSTOP; its connections stay open. */
    public void freeze(int index) throws IOException, InterruptedException {
        Signals.send("STOP", servers.get(index).process());
    }

    public void thaw(int index) throws IOException, InterruptedException {
        Signals.send("CONT", servers.get(index).process());
    }

    private static String[] tlsOptions(TlsMaterial tls, int tlsPort) {
        if (tls == null) {
            return new String[0];
        }
        String[] options = tls.serverOptions(tlsPort);
        // the port of a sentinel is set in its configuration
        return tlsPort == 0 ? Arrays.copyOfRange(options, 2, options.length) : options;
    }

    private static String[] join(String[]... options) {
        return Arrays.stream(options).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Returns a {@code redis-sentinel://} or {@code rediss-sentinel://} URI, without credentials. */
    public String uri() {
        boolean tls = sentinelTlsPorts.get(0) != 0;
        List<Integer> ports = tls
                ? sentinelTlsPorts
                : sentinels.stream().map(EmbeddedRedis::port).toList();
        return (tls ? "rediss" : "redis") + "-sentinel://"
                + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","))
                + "?sentinelMasterId=" + MASTER_ID;
    }

    /** Returns server 0, the initial master, or server 1, its initial replica. */
    public EmbeddedRedis server(int index) {
        return servers.get(index);
    }

    public EmbeddedRedis sentinel(int index) {
        return sentinels.get(index);
    }

    @Override
    public void close() {
        sentinels.forEach(EmbeddedRedis::close);
        servers.forEach(EmbeddedRedis::close);
    }
}
