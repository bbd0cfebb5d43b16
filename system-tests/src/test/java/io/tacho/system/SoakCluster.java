// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.agent.NodeAgent;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.MemoryLimits;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.TachoProgram;
import io.tacho.testing.TcpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Agents, Redis, two aggregators and the network between them, with all faults that can be injected. */
final class SoakCluster implements AutoCloseable {

    static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration TTL = Duration.ofSeconds(3);
    static final Duration WINDOW = Duration.ofSeconds(2);

    /** Agents that are never closed, and record what the history must have. */
    private static final int STEADY = 4;

    /** The clients of each agent in this JVM. */
    private static final long CLIENTS = 3;

    private static final String MAX_DETAIL = "1MiB";
    private static final int FLOOD = 100;

    private final Random random;
    private final int size;
    private final int programs;
    final SoakLog log = new SoakLog();
    final SoakRedis redis;
    private final TcpProxy agentsWire;
    private final TcpProxy aggregatorsWire;
    private final RedisSettings agentsRedis;
    private final TestAggregator aggregator;
    final ChildProcess program;
    private final String programUrl;
    final SoakSources sources;
    private final List<NodeAgent> steady = new ArrayList<>();
    private final Map<String, NodeAgent> agents = new TreeMap<>();
    private final Map<String, ChildProcess> processes = new TreeMap<>();
    private final Map<String, ChildProcess> paused = new TreeMap<>();
    private ChildProcess flood;
    private boolean programPaused;
    private int started;

    /**
     * Starts a cluster.
     *
     * @param size the number of agents in this JVM
     * @param programs the number of agents in separate JVMs
     * @param isRedisCluster whether Redis is a cluster; then there is nothing on the wires
     */
    SoakCluster(Random random, Path directory, int size, int programs, boolean isRedisCluster) throws Exception {
        this.random = random;
        this.size = size;
        this.programs = programs;
        redis = new SoakRedis(random, directory, isRedisCluster);
        // the nodes of a cluster announce their own addresses
        agentsWire = isRedisCluster ? null : TcpProxy.to(redis.port());
        aggregatorsWire = isRedisCluster ? null : TcpProxy.to(redis.port());
        agentsRedis = settings(agentsWire, "tacho-agent");
        AggregatorSettings settings = AggregatorSettings.of(
                new InetSocketAddress("127.0.0.1", 0), settings(aggregatorsWire, "tacho-aggregator"));
        aggregator = TestAggregator.start(new AggregatorSettings(
                settings.http(),
                settings.insecure(),
                settings.redis(),
                settings.sweepInterval(),
                MemoryLimits.ofThisJvm().withDetailBytes(1L << 20)));
        program = log.follow(Programs.aggregatorOfProduction(
                Files.createDirectory(directory.resolve("program")),
                "96m",
                environment(aggregatorsWire, "tacho-aggregator"),
                "--max-detail-memory=" + MAX_DETAIL));
        programUrl = program.awaitAddress(Duration.ofSeconds(120));
        sources = new SoakSources(random, agentsRedis, WINDOW, BEAT, TTL);
        for (int i = 0; i < STEADY; i++) {
            steady.add(agent("steady-" + i));
        }
        fill();
    }

    private String uri(TcpProxy wire) {
        return wire == null ? redis.uri() : wire.redisUri();
    }

    private RedisSettings settings(TcpProxy wire, String user) {
        return new RedisSettings(
                        uri(wire), RedisSettings.DEFAULT_NAMESPACE, SoakRedis.PARTITIONS.count(), redis.timeout())
                .withCredentials(() -> redis.credentials(user));
    }

    private Map<String, String> environment(TcpProxy wire, String user) {
        return Map.of(
                "TACHO_REDIS", uri(wire),
                "TACHO_PARTITIONS", Integer.toString(SoakRedis.PARTITIONS.count()),
                "TACHO_REDIS_TIMEOUT", redis.timeout().toSeconds() + "s",
                "TACHO_REDIS_USER", user,
                "TACHO_REDIS_PASSWORD_FILE", redis.passwordFile().toString());
    }

    private NodeAgent agent(String name) {
        return NodeAgent.builder()
                .redis(agentsRedis)
                .name(name)
                .numClients(() -> CLIENTS)
                .metricsInterval(WINDOW)
                .publishInterval(BEAT)
                .ttl(TTL)
                .closeOnShutdown(false)
                .start();
    }

    /** Starts agents until their number is complete. */
    void fill() throws IOException {
        while (agents.size() < size) {
            startAgent("agent-" + ++started);
        }
        while (processes.size() < programs) {
            startProcess();
        }
    }

    private void startAgent(String name) {
        agents.put(name, agent(name));
    }

    private void startProcess() throws IOException {
        String name = "process-" + ++started;
        processes.put(
                name,
                log.follow(TachoProgram.start(
                        environment(agentsWire, "tacho-agent"),
                        "agent",
                        "--name=" + name,
                        "--metrics-interval=" + WINDOW.toSeconds() + "s",
                        "--publish-interval=" + BEAT.toSeconds() + "s",
                        "--ttl=" + TTL.toSeconds() + "s")));
    }

    private String pick(Map<String, ?> from) throws IOException {
        if (from.size() < 2) {
            fill();
        }
        return List.copyOf(from.keySet()).get(random.nextInt(from.size()));
    }

    void closeAgent() throws IOException {
        agents.remove(pick(agents)).close();
    }

    void restartAgent() throws IOException {
        String name = pick(agents);
        agents.remove(name).close();
        startAgent(name);
    }

    void killProcess() throws IOException {
        String name = pick(processes);
        paused.remove(name);
        processes.remove(name).kill();
    }

    void terminateProcess() throws Exception {
        resume();
        processes.remove(pick(processes)).terminate();
    }

    void pauseProcess() throws Exception {
        String name = pick(processes);
        paused.put(name, processes.get(name));
        processes.get(name).signal("STOP");
    }

    private void resume() throws Exception {
        for (ChildProcess process : paused.values()) {
            process.signal("CONT");
        }
        paused.clear();
    }

    void pauseProgram() throws Exception {
        programPaused = true;
        program.signal("STOP");
    }

    /** Many nodes whose histograms and sketches do not fit into the memory for them. */
    void startFlood() throws IOException {
        if (flood == null) {
            flood = log.follow(TachoProgram.start(
                    environment(agentsWire, "tacho-agent"),
                    "swarm",
                    "--nodes=" + FLOOD,
                    "--interval=" + BEAT.toSeconds() + "s",
                    "--ttl=" + TTL.toSeconds() + "s",
                    "--detail=32KiB"));
        }
    }

    private void endFlood() {
        if (flood != null) {
            flood.terminate();
            flood = null;
        }
    }

    void cutAgents() {
        agentsWire.cut();
    }

    void cutAggregators() {
        aggregatorsWire.cut();
    }

    void holdWire() {
        (random.nextBoolean() ? agentsWire : aggregatorsWire).hold();
    }

    void letThrough() {
        if (agentsWire != null) {
            agentsWire.letThrough();
            aggregatorsWire.letThrough();
        }
    }

    /** A node of this JVM that runs. */
    String someUid() throws IOException {
        return random.nextInt(4) == 0
                ? steady.get(random.nextInt(STEADY)).uid()
                : agents.get(pick(agents)).uid();
    }

    /** Ends all faults. */
    void endFaults() throws Exception {
        redis.makeRespond();
        redis.grantAll();
        redis.writePassword();
        letThrough();
        resume();
        if (programPaused) {
            programPaused = false;
            program.signal("CONT");
        }
        endFlood();
        sources.repair();
        fill();
    }

    /** Counts events, each kind at its own nodes. */
    void record(SoakCounts counts) throws Exception {
        for (int i = 0; i < counts.published(); i++) {
            steady.get(i % STEADY).recorder().messagePublished();
        }
        sources.report(counts.apiRequests(), counts.clientRequests());
    }

    /** {@return the uid of each node that runs, by its name; empty where it is not known} */
    Map<String, String> nodes() {
        Map<String, String> nodes = new HashMap<>(sources.uids());
        agents.forEach((name, agent) -> nodes.put(name, agent.uid()));
        for (int i = 0; i < STEADY; i++) {
            nodes.put("steady-" + i, steady.get(i).uid());
        }
        // a process' uid is not known here; its name is used only once
        processes.keySet().forEach(name -> nodes.put(name, ""));
        return nodes;
    }

    /** {@return the clients of all nodes that run} */
    long clients() {
        return CLIENTS * (agents.size() + STEADY)
                + SoakSources.CLIENTS * sources.uids().size();
    }

    /** {@return the URLs of the aggregators} */
    List<String> urls() {
        return List.of(aggregator.url(), programUrl);
    }

    @Override
    public void close() throws Exception {
        endFlood();
        processes.values().forEach(ChildProcess::kill);
        agents.values().forEach(NodeAgent::close);
        steady.forEach(NodeAgent::close);
        sources.close();
        program.kill();
        aggregator.close();
        if (agentsWire != null) {
            agentsWire.close();
            aggregatorsWire.close();
        }
        redis.close();
        log.close();
    }
}
