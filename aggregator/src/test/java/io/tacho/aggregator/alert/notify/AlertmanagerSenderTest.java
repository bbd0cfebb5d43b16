// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the alerts that aggregators post to Alertmanagers. */
class AlertmanagerSenderTest extends AlertEngineTestBase {

    private static final String ALERTMANAGER = "alertmanager http://am:9093/s3cret";

    private void start(String... lines) {
        onBoth(aggregator -> aggregator.applyConfig(String.join("\n", lines), ALERTMANAGER));
        onBoth(aggregator -> aggregator.beat("a"));
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(5);
    }

    private static List<String> summaries(JsonNode posted) {
        return posted.findValuesAsText("summary");
    }

    private static JsonNode last(FakeWebhook alertmanager) {
        return alertmanager.messages.get(alertmanager.messages.size() - 1);
    }

    private static Instant time(JsonNode posted, String member) {
        return Instant.parse(posted.at("/0/" + member).asText());
    }

    @Test
    void alert_isPostedWithItsLabelsAndALinkToTheDashboard() {
        start("rule node-lost lost severity=critical", "external-url https://tacho.example/x");
        Instant before = ticker.instant();
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(3);

        assertThat(one.alertmanager.urls).containsExactly("http://am:9093/s3cret/api/v2/alerts");
        JsonNode posted = one.alertmanager.messages.get(0);
        assertThat(posted.at("/0/labels"))
                .hasToString("{\"alertname\":\"node-lost\",\"severity\":\"critical\",\"node\":\"a\",\"uid\":\"uid-a\","
                        + "\"cluster\":\"tacho\"}");
        assertThat(posted.at("/0/annotations")).hasToString("{\"summary\":\"a: lost\"}");
        assertThat(posted.at("/0/generatorURL").asText()).isEqualTo("https://tacho.example/x/?node=uid-a");
        assertThat(time(posted, "startsAt")).isBetween(before, ticker.instant());
        assertThat(posted.at("/0/endsAt").isMissingNode()).isTrue();
        // the Alertmanager groups, so it is posted before the webhook is notified
        assertThat(webhook.messages).hasSize(1);
    }

    @Test
    void alertOfTheCluster_hasNoNode_andWithoutExternalUrlNoLink() {
        start("rule few nodes < 5");

        JsonNode posted = last(one.alertmanager);
        assertThat(posted.at("/0/labels"))
                .hasToString("{\"alertname\":\"few\",\"severity\":\"warning\",\"cluster\":\"tacho\"}");
        assertThat(posted.at("/0/generatorURL").isMissingNode()).isTrue();
    }

    @Test
    void firingAlert_isRepeated_andEndsWithTheTimeOfItsResolution() {
        start("rule node-lost lost");
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(300);
        assertThat(one.alertmanager.messages).hasSizeBetween(10, 11);

        onBoth(aggregator -> aggregator.beat("a"));
        runFor(2);
        JsonNode resolved = last(one.alertmanager);
        assertThat(Duration.between(time(resolved, "endsAt"), ticker.instant())).isLessThan(Duration.ofSeconds(3));
        assertThat(resolved.at("/0/annotations/reason").asText()).isEqualTo("the node is back");

        // the end is repeated for Alertmanagers that restart, and posting stops later
        int attempts = one.alertmanager.attempts();
        runFor(300);
        assertThat(one.alertmanager.attempts() - attempts).isBetween(9, 10);
        runFor(60);
        attempts = one.alertmanager.attempts();
        runFor(120);
        assertThat(one.alertmanager.attempts()).isEqualTo(attempts);
    }

    @Test
    void onlyTheLeaderPosts_andAnotherContinuesWithTheSameLabels() {
        start("rule node-lost lost");
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(60);
        assertThat(other.alertmanager.messages).isEmpty();

        // the first aggregator does not run from here on
        runFor(LEASE + 2, other);
        assertThat(other.alertmanager.messages).hasSize(1);
        assertThat(last(other.alertmanager)).isEqualTo(last(one.alertmanager));
    }

    @Test
    void alertResolvedByADyingLeader_isEndedByTheNext() {
        onBoth(aggregator -> aggregator.applyConfig("rule node-lost lost", ALERTMANAGER));
        one.alertmanager.setStatus(503);
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(5);
        onBoth(aggregator -> aggregator.beat("a"));
        // the webhook has accepted the resolution, so that the alert is no longer stored
        runFor(10);
        assertThat(store.entries()).isEmpty();
        assertThat(one.alertmanager.messages).isEmpty();

        runFor(LEASE + 2, other);
        assertThat(summaries(last(other.alertmanager))).containsExactly("a: lost");
        assertThat(last(other.alertmanager).at("/0/endsAt").isTextual()).isTrue();
    }

    @Test
    void alertmanagerDown_isRetriedWithBackoff_andOthersAreNotAffected() {
        start("rule node-lost lost");
        one.alertmanager.setStatus(503);
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(60);
        assertThat(one.alertmanager.attempts()).isBetween(5, 7);
        assertThat(webhook.messages).hasSize(1);
        assertThat(one.statusJson().at("/notifications/0/receiver").asText())
                .isEqualTo("alertmanager http://am:9093/***");

        one.alertmanager.setStatus(200);
        runFor(61);
        assertThat(summaries(last(one.alertmanager))).containsExactly("a: lost");
    }

    @Test
    void severalAlertmanagers_receiveTheSameAlerts() {
        start("rule node-lost lost", "alertmanager http://am2:9093");
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(3);

        assertThat(one.alertmanager.urls)
                .containsExactlyInAnyOrder("http://am:9093/s3cret/api/v2/alerts", "http://am2:9093/api/v2/alerts");
        assertThat(one.alertmanager.messages.get(0)).isEqualTo(one.alertmanager.messages.get(1));
    }

    @Test
    void silence_suppressesNewAlerts_notFiringAlerts() {
        start("rule node-lost lost");
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(5);
        onBoth(aggregator ->
                aggregator.applyConfig("rule node-lost lost", "silence * until 2999-01-01T00:00Z", ALERTMANAGER));
        onBoth(aggregator -> aggregator.loseNode("b"));
        runFor(120);
        assertThat(one.alertmanager.messages)
                .hasSizeGreaterThan(3)
                .allSatisfy(posted -> assertThat(summaries(posted)).containsExactly("a: lost"));
        assertThat(last(one.alertmanager).at("/0/endsAt").isMissingNode()).isTrue();

        // the node that was never posted ends without a post
        onBoth(aggregator -> aggregator.beat("b"));
        runFor(40);
        assertThat(summaries(last(one.alertmanager))).containsExactly("a: lost");
    }

    @Test
    void silence_suppressesAnAlertThatFiresAgainSoonAfterItsResolution() {
        start("rule node-lost lost");
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(5);
        onBoth(aggregator -> aggregator.beat("a"));
        runFor(5);
        onBoth(aggregator ->
                aggregator.applyConfig("rule node-lost lost", "silence * until 2999-01-01T00:00Z", ALERTMANAGER));
        onBoth(aggregator -> aggregator.loseNode("a"));
        runFor(60);

        assertThat(last(one.alertmanager))
                .allSatisfy(posted ->
                        assertThat(posted.at("/endsAt").isMissingNode()).isFalse());
    }

    @Test
    void ruleRemoved_endsItsAlertsWithUnchangedLabels() {
        start("rule few nodes < 5 severity=critical", "rule other lost");
        JsonNode firing = last(one.alertmanager);
        onBoth(aggregator -> aggregator.applyConfig("rule other lost", ALERTMANAGER));
        runFor(10);

        JsonNode resolved = last(one.alertmanager);
        assertThat(resolved.at("/0/labels")).isEqualTo(firing.at("/0/labels"));
        assertThat(resolved.at("/0/annotations/reason").asText()).isEqualTo("the rule was removed");
    }

    @Test
    void staleAggregator_postsItsOwnAlert_evenWithoutALeader() {
        start("rule stale stale > 5s");
        onBoth(TestAggregator::disconnectRedis);
        runFor(10);
        assertThat(last(one.alertmanager).at("/0/labels/node").asText()).isEqualTo("one:7022");
        assertThat(last(other.alertmanager).at("/0/labels/node").asText()).isEqualTo("other:7022");

        onBoth(TestAggregator::reconnectRedis);
        runFor(10);
        assertThat(last(other.alertmanager).at("/0/labels/node").asText()).isEqualTo("other:7022");
        assertThat(last(other.alertmanager).at("/0/endsAt").isTextual()).isTrue();
        assertThat(last(other.alertmanager)).hasSize(1);
    }

    @Test
    void secret_isNotInTheStatus() {
        start("rule node-lost lost");

        assertThat(one.statusJson().at("/alertmanagers")).hasToString("[\"http://am:9093/***\"]");
        assertThat(one.statusJson().toString()).doesNotContain("s3cret");
    }
}
