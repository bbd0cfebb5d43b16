// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The faults of a soak, chosen at random and counted by kind. */
final class SoakFaults {

    private interface Action {
        void run() throws Exception;
    }

    private record Fault(String name, Action action) {}

    private final Random random;
    private final List<Fault> kinds = new ArrayList<>();
    private final List<Fault> weighted = new ArrayList<>();
    private final List<Fault> once = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    SoakFaults(Random random, SoakCluster cluster) {
        this.random = random;
        SoakRedis redis = cluster.redis;
        SoakSources sources = cluster.sources;
        add(3, "agent closed", cluster::closeAgent);
        add(2, "agent restarted", cluster::restartAgent);
        add(1, "agents started", cluster::fill);
        add(1, "agent process killed", cluster::killProcess);
        add(1, "agent process terminated", cluster::terminateProcess);
        add(2, "agent process paused", cluster::pauseProcess);
        add(1, "aggregator paused", cluster::pauseProgram);
        if (redis.isCluster()) {
            add(2, "slot moved", redis::moveSlot);
        } else {
            add(1, "agents cut off", cluster::cutAgents);
            add(1, "aggregators cut off", cluster::cutAggregators);
            add(1, "wire held", cluster::holdWire);
            add(4, "wires let through", cluster::letThrough);
            add(1, "Redis a replica", redis::becomeReplica);
        }
        add(1, "Redis killed", redis::kill);
        add(1, "Redis suspended", redis::suspend);
        add(2, "Redis in order", redis::makeRespond);
        add(1, "FLUSHALL", redis::flushAll);
        add(2, "clients killed", redis::killClients);
        add(1, "registry without TTL", redis::persistRegistry);
        add(1, "registry deleted", redis::deleteRegistry);
        add(2, "seq far ahead", () -> redis.putSeqAhead(cluster.someUid()));
        add(2, "permission revoked", redis::revokePermission);
        add(1, "partition out of reach", redis::revokePartition);
        add(2, "permissions granted", redis::grantAll);
        add(1, "password changed", redis::changePassword);
        add(1, "password file written", redis::writePassword);
        add(2, "StatsD poisoned", sources::poisonStatsd);
        add(2, "push poisoned", sources::poisonPush);
        add(2, "gauge of the host broken", sources::breakGauge);
        add(1, "detail beyond the memory for it", cluster::startFlood);
    }

    private void add(int weight, String name, Action action) {
        Fault fault = new Fault(name, action);
        kinds.add(fault);
        weighted.addAll(Collections.nCopies(weight, fault));
    }

    int kinds() {
        return kinds.size();
    }

    /** Injects any fault. */
    void any() throws Exception {
        run(weighted.get(random.nextInt(weighted.size())));
    }

    /** Injects a fault of a kind that was not injected yet, or for as many times as all others. */
    void next() throws Exception {
        if (once.isEmpty()) {
            once.addAll(kinds);
            Collections.shuffle(once, random);
        }
        run(once.remove(once.size() - 1));
    }

    private void run(Fault fault) throws Exception {
        fault.action().run();
        counts.merge(fault.name(), 1, Integer::sum);
    }

    /** {@return how many faults of each kind have been injected} */
    Map<String, Integer> counts() {
        return counts;
    }
}
