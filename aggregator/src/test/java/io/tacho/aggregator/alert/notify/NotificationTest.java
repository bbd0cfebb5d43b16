// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.Violation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationTest {

    private static final Instant TIME = Instant.parse("2026-11-22T12:00:00Z");

    private static Alert firing(String rule, String node) {
        return new Alert(
                rule + node, rule, "warning", new Violation(node, node, 1, node + ": slow"), TIME, false, null, "");
    }

    private static Alert resolved(String rule, String node, String reason) {
        return firing(rule, node).asResolved(TIME, reason);
    }

    private static List<Alert> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> firing("slow", "n" + i)).toList();
    }

    private static List<String> lines(Alert... alerts) {
        return Notification.of(List.of(alerts)).toLines();
    }

    private static JsonNode json(Notification notification) throws IOException {
        return new ObjectMapper().readTree(notification.toJson("chat", "web-1:7022", TIME));
    }

    @Test
    void lines_onePerRuleAndState_inTheOrderOfTheFirstAlert() {
        assertThat(lines(
                        firing("slow", "a"),
                        resolved("slow", "b", "fast"),
                        firing("busy", "a"),
                        firing("slow", "c"),
                        resolved("slow", "d", "fast")))
                .containsExactly(
                        "FIRING slow (2): a: slow; c: slow",
                        "RESOLVED slow (2): b: slow, reason: fast; d: slow, reason: fast",
                        "FIRING busy (1): a: slow");
    }

    @Test
    void lines_listFiveAlerts_andCountTheOthers() {
        assertThat(Notification.of(many(5)).toLines())
                .containsExactly("FIRING slow (5): n0: slow; n1: slow; n2: slow; n3: slow; n4: slow");
        assertThat(Notification.of(many(8)).toLines())
                .containsExactly("FIRING slow (8): n0: slow; n1: slow; n2: slow; n3: slow; n4: slow; and 3 more");
    }

    @Test
    void lines_omitAlertsResolvedByALoss_unlessThereAreNoOthers() {
        Alert byLoss = resolved("slow", "a", "the node is lost");
        assertThat(lines(byLoss, firing("lost", "a"))).containsExactly("FIRING lost (1): a: slow");
        assertThat(lines(byLoss)).containsExactly("RESOLVED slow (1): a: slow, reason: the node is lost");
        assertThat(firing("slow", "a").isEndedByLoss()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 1, 0", "500, 500, 0", "501, 500, 1", "1234, 500, 734"})
    void notification_isBounded_andCountsTheDeferredAlerts(int pending, int included, int deferred) throws IOException {
        Notification notification = Notification.of(many(pending));

        assertThat(notification.alerts()).hasSize(included);
        assertThat(notification.deferred()).isEqualTo(deferred);
        assertThat(json(notification).path("alerts")).hasSize(included);
        assertThat(json(notification).path("deferred").asInt()).isEqualTo(deferred);
        assertThat(notification.toLines().contains(deferred + " more follow")).isEqualTo(deferred > 0);
    }

    @Test
    void alerts_areCopied() {
        List<Alert> alerts = new ArrayList<>(many(1));
        Notification notification = new Notification(alerts, 0);
        alerts.clear();

        assertThat(notification.alerts()).hasSize(1);
    }

    @Test
    void json_statusIsFiringIfAnyAlertIsFiring() throws IOException {
        Alert ended = resolved("slow", "a", "fast");
        assertThat(json(Notification.of(List.of(ended, firing("slow", "b"))))
                        .path("status")
                        .asText())
                .isEqualTo("firing");
        JsonNode json = json(Notification.of(List.of(ended)));
        assertThat(json.path("status").asText()).isEqualTo("resolved");
        assertThat(json.path("namespace").asText()).isEqualTo("chat");
        assertThat(json.path("aggregator").asText()).isEqualTo("web-1:7022");
        assertThat(json.path("sentAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(json.at("/alerts/0/endsAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
    }

    @Test
    void json_text_markupIsEscapedOnce_annotationsAreNotEscaped() throws IOException {
        JsonNode json = json(Notification.of(List.of(firing("slow", "<!channel> & &lt;"), firing("busy", "b"))));

        assertThat(json.path("text").asText())
                .isEqualTo("FIRING slow (1): &lt;!channel&gt; &amp; &amp;lt;: slow\nFIRING busy (1): b: slow");
        assertThat(json.at("/alerts/0/annotations/summary").asText()).isEqualTo("<!channel> & &lt;: slow");
    }
}
