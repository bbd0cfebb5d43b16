// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.StoredSilence;
import io.tacho.aggregator.alert.evaluate.Violation;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.text.Glob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlertmanagerJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant END = Instant.parse("2026-11-22T12:05:00Z");

    private static final Alert OF_NODE = new Alert(
            "id-1", "slow", "critical", new Violation("u&1 ä", "chat_1", 412, "chat_1: slow"), START, false, null, "");
    private static final Alert OF_CLUSTER =
            new Alert("id-2", "few", "warning", new Violation("", "", 2, "2 nodes"), START, true, END, "3 nodes");

    private static JsonNode json(byte[] bytes) throws IOException {
        return JSON.readTree(bytes);
    }

    private static JsonNode posted(Alert alert, String externalUrl) throws IOException {
        return json(AlertmanagerJson.postedAlerts(
                        List.of(alert), "prod", externalUrl == null ? null : URI.create(externalUrl)))
                .path(0);
    }

    @Test
    void postedAlert_ofANode_hasItsLabels_noEndWhileItFires_andAnEscapedLink() throws IOException {
        assertThat(posted(OF_NODE, "https://dash.example/t/")).isEqualTo(JSON.readTree("""
                        {"labels":{"alertname":"slow","severity":"critical","node":"chat_1","uid":"u&1 ä","cluster":"prod"},
                         "annotations":{"summary":"chat_1: slow"},
                         "startsAt":"2026-11-22T12:00:00Z",
                         "generatorURL":"https://dash.example/t/?node=u%261+%C3%A4"}"""));
    }

    @Test
    void postedClusterAlert_hasNoNodeLabels_butTheReasonOfItsResolution() throws IOException {
        assertThat(posted(OF_CLUSTER, "https://dash.example/")).isEqualTo(JSON.readTree("""
                        {"labels":{"alertname":"few","severity":"warning","cluster":"prod"},
                         "annotations":{"summary":"2 nodes","reason":"3 nodes"},
                         "startsAt":"2026-11-22T12:00:00Z","endsAt":"2026-11-22T12:05:00Z",
                         "generatorURL":"https://dash.example/"}"""));
    }

    @Test
    void postedAlert_withoutExternalUrl_hasNoLink() throws IOException {
        assertThat(posted(OF_NODE, null).has("generatorURL")).isFalse();
    }

    @Test
    void postedAlerts_keepTheirOrder_emptyListIsAnEmptyArray() throws IOException {
        assertThat(json(AlertmanagerJson.postedAlerts(List.of(OF_CLUSTER, OF_NODE), "c", null)))
                .extracting(alert -> alert.at("/labels/alertname").asText())
                .containsExactly("few", "slow");
        assertThat(AlertmanagerJson.postedAlerts(List.of(), "c", null))
                .asString()
                .isEqualTo("[]");
    }

    @Test
    void alertsResponse_withoutRules_hasEveryListEmpty_andNoWebhook() throws IOException {
        assertThat(json(AlertmanagerJson.alertsResponse(AlertStatus.NONE))).isEqualTo(JSON.readTree("""
                        {"configured":false,"leader":false,"firing":0,"truncatedAlerts":0,
                         "alerts":[],"rules":[],"silences":[],"alertmanagers":[],"notifications":[]}"""));
    }

    @Test
    void alertsResponse_masksReceivers_andCountsFiringAlertsOnly() throws IOException {
        AlertConfig config = AlertConfig.parse(
                Path.of("alerts"),
                "webhook https://hooks.example/T0/s3cret\nalertmanager http://am:9093/s3cret\nrule few nodes < 3");
        byte[] body = AlertmanagerJson.alertsResponse(new AlertStatus(
                config,
                true,
                7,
                List.of(OF_NODE, OF_CLUSTER),
                Set.of("slow/u&1 ä"),
                Map.of(),
                Map.of(),
                List.of(),
                0,
                0));

        assertThat(body).asString().doesNotContain("s3cret");
        JsonNode json = json(body);
        assertThat(json.path("firing").asInt()).isEqualTo(1);
        assertThat(json.path("truncatedAlerts").asInt()).isEqualTo(7);
        assertThat(json.path("alerts"))
                .extracting(a -> a.path("status").asText())
                .containsExactly("firing", "resolved");
        assertThat(json.path("alerts"))
                .extracting(a -> a.path("silenced").asBoolean())
                .containsExactly(true, false);
        assertThat(json.path("alerts"))
                .extracting(a -> a.path("notified").asBoolean())
                .containsExactly(false, true);
        assertThat(json.at("/alerts/0").has("endsAt")).isFalse();
        assertThat(json.at("/alerts/0/value").asLong()).isEqualTo(412);
        assertThat(json.at("/alerts/1/reason").asText()).isEqualTo("3 nodes");
        assertThat(json.path("rules").toString()).isEqualTo("[{\"name\":\"few\",\"condition\":\"nodes < 3\"}]");
        assertThat(json.path("webhook").asText()).isEqualTo("https://hooks.example/***");
        assertThat(json.path("alertmanagers").toString()).isEqualTo("[\"http://am:9093/***\"]");
    }

    @Test
    void alertsResponse_storedSilence_hasIdAndComment_silenceOfTheFileHasNeither() throws IOException {
        Silence ofFile = new Silence(new Glob("api-*"), Glob.ANY, null, END);
        Silence stored = new Silence(Glob.ANY, new Glob("chat_1"), START, END);
        JsonNode silences = json(AlertmanagerJson.alertsResponse(new AlertStatus(
                        AlertConfig.NONE,
                        false,
                        0,
                        List.of(),
                        Set.of(),
                        Map.of(ofFile, Silence.State.ACTIVE),
                        Map.of(new StoredSilence("s-1", stored, "deployment"), Silence.State.PENDING),
                        List.of(),
                        0,
                        0)))
                .path("silences");

        assertThat(silences).isEqualTo(JSON.readTree("""
                        [{"matchers":[{"name":"alertname","value":"api-*"},{"name":"node","value":"*"}],
                          "endsAt":"2026-11-22T12:05:00Z","status":{"state":"active"}},
                         {"id":"s-1","comment":"deployment",
                          "matchers":[{"name":"alertname","value":"*"},{"name":"node","value":"chat_1"}],
                          "startsAt":"2026-11-22T12:00:00Z","endsAt":"2026-11-22T12:05:00Z",
                          "status":{"state":"pending"}}]"""));
    }

    @Test
    void alertsResponse_attempt_hasAStatusIfThereWasAResponse_andAnErrorIfItFailed() throws IOException {
        JsonNode attempts = json(AlertmanagerJson.alertsResponse(new AlertStatus(
                        AlertConfig.NONE,
                        false,
                        0,
                        List.of(),
                        Set.of(),
                        Map.of(),
                        Map.of(),
                        List.of(
                                new DeliveryAttempt(START, "webhook", 3, 200, ""),
                                new DeliveryAttempt(END, "webhook", 4, 503, "status 503"),
                                new DeliveryAttempt(END, "webhook", 5, 0, "timeout")),
                        1,
                        2)))
                .path("notifications");

        assertThat(attempts).isEqualTo(JSON.readTree("""
                        [{"sentAt":"2026-11-22T12:00:00Z","receiver":"webhook","alerts":3,"delivered":true,"statusCode":200},
                         {"sentAt":"2026-11-22T12:05:00Z","receiver":"webhook","alerts":4,"delivered":false,
                          "statusCode":503,"error":"status 503"},
                         {"sentAt":"2026-11-22T12:05:00Z","receiver":"webhook","alerts":5,"delivered":false,
                          "error":"timeout"}]"""));
    }
}
