// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.NodeAgent;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MembershipEvent;
import io.tacho.process.ChildProcess;
import io.tacho.testing.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Agents, Redis, an aggregator and the wires between them, with everything that can be done to them. */
final class SoakCluster implements AutoCloseable {

    static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration TTL = Duration.ofSeconds(3);

    private static final int AGENTS = 50;
    private static final int PROCESSES = 5;

    private final Random random;
    private final EmbeddedRedis redis;
    private final TcpProxy agentsWire;
    private final TcpProxy aggregatorWire;
    private final TestAggregator aggregator;
    private final Map<String, NodeAgent> agents = new TreeMap<>();
    private final Map<String, ChildProcess> processes = new TreeMap<>();
    private final Map<String, ChildProcess> paused = new TreeMap<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private boolean redisDown;
    private int started;

    SoakCluster(Random random) throws IOException {
        this.random = random;
        redis = EmbeddedRedis.start();
        agentsWire = TcpProxy.to(redis.port());
        aggregatorWire = TcpProxy.to(redis.port());
        aggregator = TestAggregator.start(aggregatorWire.redisUri());
        fill();
    }

    /** As many agents as there should be. */
    private void fill() throws IOException {
        while (agents.size() < AGENTS) {
            startAgent("agent-" + ++started);
        }
        while (processes.size() < PROCESSES) {
            startProcess();
        }
    }

    private void startAgent(String name) {
        agents.put(
                name,
                NodeAgent.builder()
                        .redis(agentsWire.redisUri())
                        .name(name)
                        .metricsInterval(Duration.ofSeconds(5))
                        .publishInterval(BEAT)
                        .ttl(TTL)
                        .closeOnShutdown(false)
                        .start());
    }

    private void startProcess() throws IOException {
        String name = "process-" + ++started;
        processes.put(name, Programs.agent(agentsWire.redisUri(), name, BEAT, TTL));
    }

    /** One thing happens, by chance. */
    void fault() throws Exception {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                count("agent closed");
                agents.remove(pick(agents)).close();
            }
            case 3, 4 -> {
                count("agent restarted");
                String name = pick(agents);
                agents.remove(name).close();
                startAgent(name);
            }
            case 5 -> {
                count("new agents");
                fill();
            }
            case 6 -> {
                count("process killed");
                String name = pick(processes);
                paused.remove(name);
                processes.remove(name).kill();
            }
            case 7 -> {
                String name = pick(processes);
                if (!paused.containsKey(name)) {
                    count("process terminated");
                    processes.remove(name).terminate();
                }
            }
            case 8, 9 -> {
                count("process paused");
                String name = pick(processes);
                paused.put(name, processes.get(name));
                processes.get(name).signal("STOP");
            }
            case 10 -> resume();
            case 11 -> {
                count("FLUSHALL");
                flushAll();
            }
            case 12 -> {
                count("agents cut off");
                agentsWire.cut();
            }
            case 13 -> {
                count("aggregator cut off");
                aggregatorWire.cut();
            }
            case 14 -> {
                count("wire held");
                (random.nextBoolean() ? agentsWire : aggregatorWire).hold();
            }
            default -> {
                if (redisDown) {
                    redis.startServer();
                } else {
                    count("Redis killed");
                    redis.stopServer();
                }
                redisDown = !redisDown;
            }
        }
        if (random.nextInt(3) == 0) {
            agentsWire.letThrough();
            aggregatorWire.letThrough();
        }
    }

    private void count(String fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    private String pick(Map<String, ?> from) throws IOException {
        if (from.size() < 2) {
            fill();
        }
        return List.copyOf(from.keySet()).get(random.nextInt(from.size()));
    }

    private void flushAll() throws IOException {
        if (redisDown) {
            return;
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            socket.getOutputStream().write("FLUSHALL\r\n".getBytes(US_ASCII));
            socket.getInputStream().read();
        }
    }

    private void resume() throws Exception {
        for (ChildProcess process : paused.values()) {
            process.signal("CONT");
        }
        paused.clear();
    }

    /** From now on everybody is well. */
    void endFaults() throws Exception {
        if (redisDown) {
            redis.startServer();
            redisDown = false;
        }
        agentsWire.letThrough();
        aggregatorWire.letThrough();
        resume();
        fill();
    }

    /** The differences of the response from the expected one; empty if it lists exactly the agents that run. */
    List<String> differences() throws Exception {
        Map<String, String> unheard = new HashMap<>();
        agents.forEach((name, agent) -> unheard.put(name, agent.uid()));
        // a process' uid is not known here; its name is used only once
        processes.forEach((name, process) -> unheard.put(name, ""));
        List<String> differences = new ArrayList<>();
        if (!aggregator.isReady()) {
            differences.add("not ready");
        }
        for (JsonNode node : aggregator.stats().path("nodes")) {
            String name = node.path("name").asText();
            String uid = node.path("uid").asText();
            String expected = unheard.get(name);
            if (expected != null && (expected.isEmpty() || expected.equals(uid))) {
                unheard.remove(name);
            } else {
                differences.add("should not be there: " + name + " " + uid);
            }
        }
        unheard.forEach((name, uid) -> differences.add("missing: " + name + " " + uid));
        return differences;
    }

    String counts() {
        return faults + ", received " + aggregator.metrics().received() + ", joined "
                + aggregator.metrics().eventTotal(MembershipEvent.JOINED) + ", left "
                + aggregator.metrics().eventTotal(MembershipEvent.LEFT) + ", lost "
                + aggregator.metrics().eventTotal(MembershipEvent.LOST) + ", loads "
                + aggregator.metrics().loads() + ", failed loads "
                + aggregator.metrics().failedLoads();
    }

    @Override
    public void close() throws Exception {
        processes.values().forEach(ChildProcess::kill);
        agents.values().forEach(NodeAgent::close);
        aggregator.close();
        agentsWire.close();
        aggregatorWire.close();
        redis.close();
    }
}
