// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.record.StatsRecorder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who is connected to this node, and who follows which channel.
 *
 * <p>Thread safety: safe.
 */
final class HubRegistry {

    private final StatsRecorder recorder;
    private final AtomicLong clients = new AtomicLong();
    private final Map<String, Integer> connectionsByUser = new ConcurrentHashMap<>();
    // never holds an empty set: the map's size is the number of channels
    private final Map<String, Set<HubSession>> subscribers = new ConcurrentHashMap<>();

    HubRegistry(StatsRecorder recorder) {
        this.recorder = recorder;
    }

    void connect(String user) {
        clients.incrementAndGet();
        connectionsByUser.merge(user, 1, Integer::sum);
    }

    void disconnect(String user) {
        clients.decrementAndGet();
        connectionsByUser.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }

    void subscribe(String channel, HubSession session) {
        subscribers.compute(channel, (key, sessions) -> {
            Set<HubSession> all = sessions == null ? ConcurrentHashMap.newKeySet() : sessions;
            all.add(session);
            return all;
        });
    }

    void unsubscribe(String channel, HubSession session) {
        subscribers.computeIfPresent(channel, (key, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
    }

    /** Sends the data to all who follow the channel; encoded once for all of them. */
    void publish(String channel, JsonNode data) {
        recorder.messagePublished();
        Set<HubSession> sessions = subscribers.getOrDefault(channel, Set.of());
        if (sessions.isEmpty()) {
            return;
        }
        byte[] push = HubProtocol.push(channel, data);
        for (HubSession session : sessions) {
            session.send(push);
        }
    }

    /** The distinct users who follow the channel, sorted. */
    List<String> presence(String channel) {
        return subscribers.getOrDefault(channel, Set.of()).stream()
                .map(HubSession::user)
                .distinct()
                .sorted()
                .toList();
    }

    long numClients() {
        return clients.get();
    }

    long numUniqueClients() {
        return connectionsByUser.size();
    }

    long numChannels() {
        return subscribers.size();
    }
}
