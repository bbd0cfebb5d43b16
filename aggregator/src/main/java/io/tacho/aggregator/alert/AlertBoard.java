// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.api.ApiJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How things stand with alerts, to be read at any time.
 *
 * <p>Thread safety: safe.
 */
public final class AlertBoard {

    /**
     * What stands on the board.
     *
     * @param leading whether it is this aggregator that tells
     * @param unlisted how many found no room
     * @param silenced of the alerts those that are not to be said now, by key
     */
    record Picture(
            AlertRules rules,
            boolean leading,
            int unlisted,
            List<Alert> alerts,
            Set<String> silenced,
            List<Silence> silencesInForce,
            List<Outbox.Delivery> deliveries,
            long delivered,
            long failed) {

        static final Picture NONE =
                new Picture(AlertRules.NONE, false, 0, List.of(), Set.of(), List.of(), List.of(), 0, 0);
    }

    /**
     * How many alerts of a rule there are.
     *
     * @param silenced those that are not said, apart from the others
     */
    public record Firing(long loud, long silenced) {

        private Firing plus(boolean isSilenced) {
            return isSilenced ? new Firing(loud, silenced + 1) : new Firing(loud + 1, silenced);
        }
    }

    private record Shown(Picture picture, byte[] body) {}

    private volatile Shown shown = new Shown(Picture.NONE, body(Picture.NONE));

    void show(Picture picture) {
        if (!picture.equals(shown.picture())) {
            shown = new Shown(picture, body(picture));
        }
    }

    /** The body of {@code /alerts}, UTF-8 JSON; shared, not to be changed. */
    public byte[] body() {
        return shown.body();
    }

    /** Whether there are rules at all. */
    public boolean isConfigured() {
        return !shown.picture().rules().isEmpty();
    }

    /** Whether it is this aggregator that tells. */
    public boolean isLeading() {
        return shown.picture().leading();
    }

    /** How many alerts there are, by the name of each rule. */
    public Map<String, Firing> firing() {
        Picture picture = shown.picture();
        Map<String, Firing> firing = new LinkedHashMap<>();
        picture.rules().rules().forEach(rule -> firing.put(rule.name(), new Firing(0, 0)));
        for (Alert alert : picture.alerts()) {
            if (!alert.isOver()) {
                firing.merge(alert.rule(), new Firing(0, 0), (known, none) -> known);
                firing.computeIfPresent(
                        alert.rule(),
                        (rule, count) -> count.plus(picture.silenced().contains(alert.key())));
            }
        }
        return firing;
    }

    /** Messages that this aggregator has brought to the webhook. */
    public long delivered() {
        return shown.picture().delivered();
    }

    /** Messages that it could not bring there. */
    public long failed() {
        return shown.picture().failed();
    }

    private static byte[] body(Picture picture) {
        AlertRules rules = picture.rules();
        ObjectNode body = ApiJson.object()
                .put("configured", !rules.isEmpty())
                .put("leading", picture.leading())
                .put(
                        "firing",
                        picture.alerts().stream()
                                .filter(alert -> !alert.isOver())
                                .count())
                .put("unlisted", picture.unlisted());
        ArrayNode alerts = body.putArray("alerts");
        for (Alert alert : picture.alerts()) {
            AlertJson.describe(alerts.addObject(), alert)
                    .put("told", alert.told())
                    .put("silenced", picture.silenced().contains(alert.key()));
        }
        ArrayNode listed = body.putArray("rules");
        rules.rules()
                .forEach(rule -> listed.addObject()
                        .put("name", rule.name())
                        .put("text", rule.condition().toString()));
        ArrayNode silences = body.putArray("silences");
        rules.silences()
                .forEach(silence -> describe(silences.addObject(), silence)
                        .put("in_force", picture.silencesInForce().contains(silence)));
        if (rules.webhook() != null) {
            body.put("webhook", rules.webhook().toString());
        }
        ArrayNode deliveries = body.putArray("deliveries");
        picture.deliveries().forEach(delivery -> describe(deliveries.addObject(), delivery));
        return ApiJson.write(body);
    }

    private static ObjectNode describe(ObjectNode json, Silence silence) {
        Instant from = silence.from();
        json.put("rule", silence.rules().pattern()).put("node", silence.nodes().pattern());
        if (from != null) {
            json.put("from_ms", from.toEpochMilli());
        }
        return json.put("until_ms", silence.until().toEpochMilli());
    }

    private static void describe(ObjectNode json, Outbox.Delivery delivery) {
        json.put("at_ms", delivery.at().toEpochMilli())
                .put("alerts", delivery.alerts())
                .put("delivered", delivery.outcome().isDelivered());
        if (delivery.outcome().status() != 0) {
            json.put("status", delivery.outcome().status());
        }
        if (!delivery.outcome().isDelivered()) {
            json.put("problem", delivery.outcome().problem());
        }
    }
}
