// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.agent.record.StatsRecorder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The subscribers of each channel of this node.
 *
 * <p>Thread safety: safe.
 */
final class HubRegistry {

    private final StatsRecorder recorder;
    // never holds an empty set: its keys are the channels in use
    private final Map<String, Set<HubSession>> subscribers = new ConcurrentHashMap<>();

    HubRegistry(StatsRecorder recorder) {
        this.recorder = recorder;
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

    /** Returns the distinct users who follow the channel, sorted. */
    List<String> presence(String channel) {
        return subscribers.getOrDefault(channel, Set.of()).stream()
                .map(HubSession::user)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the channels with at least one subscriber. */
    Set<String> channels() {
        return subscribers.keySet();
    }
}
