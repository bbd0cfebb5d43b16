// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The uid and name by which a Centrifugo reports itself in {@code info} and in its admin page.
 *
 * @param uid changes with every start of the node
 * @param name as configured, by default {@code hostname_port}
 */
record NodeIdentity(String uid, String name) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nodes report their uptime every three seconds; one that has not for ten is not listed. It is rounded down. */
    private static final double MAX_AGE_SECONDS = 11;

    /** Clocks are read at different times. */
    private static final double MAX_DIFFERENCE_SECONDS = 2;

    private record Candidate(NodeIdentity identity, double uptime) {}

    /**
     * Finds the scraped node among all nodes of its cluster: the one that started when the scraped process did.
     *
     * @param info the response of {@code info}
     * @param sentSeconds when it was requested, UNIX seconds
     * @param receivedSeconds when it was received, UNIX seconds
     * @param startedAt the start of the scraped process, UNIX seconds
     * @param expectedNames decide between nodes that started at the same time, the first one first
     * @return null if there is none, or more than one
     * @throws IllegalArgumentException stating what was found, if the response is not of {@code info}
     */
    static @Nullable NodeIdentity find(
            String info, double sentSeconds, double receivedSeconds, double startedAt, List<String> expectedNames) {
        List<NodeIdentity> found = new ArrayList<>();
        for (Candidate candidate : candidates(info)) {
            double asOf = startedAt + candidate.uptime();
            if (asOf >= sentSeconds - MAX_AGE_SECONDS && asOf <= receivedSeconds + MAX_DIFFERENCE_SECONDS) {
                found.add(candidate.identity());
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        for (String name : expectedNames) {
            List<NodeIdentity> named = found.stream()
                    .filter(identity -> identity.name().equals(name))
                    .toList();
            if (named.size() == 1) {
                return named.get(0);
            }
        }
        return null;
    }

    private static List<Candidate> candidates(String info) {
        JsonNode nodes;
        try {
            nodes = JSON.readTree(info).path("result").path("nodes");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("malformed JSON (expected: the result of info)", e);
        }
        if (!nodes.isArray()) {
            throw new IllegalArgumentException("no nodes (expected: the result of info)");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode node : nodes) {
            String uid = node.path("uid").asText();
            String name = node.path("name").asText();
            if (isUid(uid) && isName(name)) {
                candidates.add(new Candidate(
                        new NodeIdentity(uid, name), node.path("uptime").asDouble(0)));
            }
        }
        return candidates;
    }

    private static boolean isUid(String uid) {
        return !uid.isEmpty() && uid.length() <= 128 && uid.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= 255
                && name.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    }
}
