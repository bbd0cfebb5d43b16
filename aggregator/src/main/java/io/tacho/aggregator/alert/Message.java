// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.api.ApiJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is told at a time: all that is to be told, or the first part of it.
 *
 * @param alerts those of one rule beside each other
 * @param later how many are to follow in other messages
 */
record Message(List<Alert> alerts, int later) {

    static final int MOST = 500;
    private static final int NAMED = 5;

    Message {
        alerts = List.copyOf(alerts);
    }

    static Message of(List<Alert> pending) {
        return new Message(pending.subList(0, Math.min(MOST, pending.size())), Math.max(0, pending.size() - MOST));
    }

    /**
     * UTF-8 JSON.
     *
     * @param namespace which cluster it is about
     * @param sender which aggregator tells it
     */
    byte[] json(String namespace, String sender, Instant now) {
        ObjectNode json = ApiJson.object()
                .put("v", 1)
                .put("text", String.join("\n", lines()))
                .put("namespace", namespace)
                .put("aggregator", sender)
                .put("sent_ms", now.toEpochMilli());
        ArrayNode listed = json.putArray("alerts");
        alerts.forEach(alert -> AlertJson.describe(listed.addObject(), alert));
        json.put("later", later);
        return ApiJson.write(json);
    }

    /** For people: a line for each rule and what has become of it, with the first few of many by name. */
    List<String> lines() {
        Map<String, List<Alert>> groups = new LinkedHashMap<>();
        for (Alert alert : alerts) {
            String group = (alert.isOver() ? "RESOLVED " : "FIRING ") + alert.rule();
            groups.computeIfAbsent(group, first -> new ArrayList<>()).add(alert);
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((group, members) -> {
            List<String> texts = new ArrayList<>();
            members.stream().limit(NAMED).map(Message::text).forEach(texts::add);
            if (members.size() > NAMED) {
                texts.add("and " + (members.size() - NAMED) + " more");
            }
            lines.add(group + " (" + members.size() + "): " + String.join("; ", texts));
        });
        if (later > 0) {
            lines.add(later + " more follow");
        }
        return lines;
    }

    private static String text(Alert alert) {
        return alert.isOver() ? alert.text() + ", over: " + alert.why() : alert.text();
    }
}
